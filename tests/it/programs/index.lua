-- record.index: nothing without a text; the rest with a slug; a deletion is let through by what scripts mostly return.
function handle()
  if action == "delete" then return record end
  if record.text == "" then return nil end
  record.slug = record.text:lower():gsub("%s+", "-"):gsub("[^%w%-]", "")
  local tags = {}
  for tag in record.text:gmatch("#(%w+)") do tags[#tags + 1] = tag end
  if #tags > 0 then record.tags = tags end
  return record
end
