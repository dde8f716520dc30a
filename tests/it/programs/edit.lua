-- xrpc.procedure: one field of a record that is there already.
function handle()
  local r = Record.load(input.uri)
  if r == nil then error("nothing to edit") end
  r.text = input.text
  r:save()
  return { uri = r._uri, key = r._rkey, text = r.text }
end
