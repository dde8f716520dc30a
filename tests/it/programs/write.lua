-- xrpc.procedure: the input becomes a record of the caller.
function handle()
  local r = Record(collection, input)
  r:save()
  return { uri = r._uri, cid = r._cid }
end
