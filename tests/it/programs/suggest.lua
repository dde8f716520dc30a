-- xrpc.query: what somebody who is still typing may mean.
function handle()
  local found = db.search({ collection = collection, field = "text", query = params.q, limit = 5 })
  local names = {}
  for i, record in ipairs(found.records) do names[i] = record.text end
  return { suggestions = toarray(names) }
end
