-- xrpc.query: conditions in groups, in both of the forms that scripts use, and pages in an order of their own.
function handle()
  local documented = {
    combine = "AND",
    { field = "tags[0]", value = "lua" },
    { combine = "OR", { field = "text", op = "LIKE", value = "%one%" }, { field = "text", value = "two" } },
  }
  local announced = {
    op = "AND",
    conditions = { { field = "tags[0]", op = "=", value = "lua" }, { field = "text", op = "!=", value = "three" } },
  }
  local texts = {}
  for _, filter in ipairs({ documented, announced }) do
    local cursor, list = nil, toarray({})
    repeat
      local page = db.query({
        collection = collection, filter = filter, sort = "text", sortDirection = "asc", limit = 1, cursor = cursor,
      })
      for _, record in ipairs(page.records) do list[#list + 1] = record.text end
      cursor = page.cursor
    until not cursor
    texts[#texts + 1] = list
  end
  return { texts = texts }
end
