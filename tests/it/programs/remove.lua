-- xrpc.procedure: a record and every like of it by the same person.
function handle()
  local gone = 0
  for _, like in ipairs(db.backlinks{ collection = "dev.belvedere.demo.like", uri = input.uri, did = caller_did }.records) do
    Record.load(like.uri):delete()
    gone = gone + 1
  end
  Record.load(input.uri):delete()
  return { removed = gone + 1 }
end
