-- xrpc.query: one record by its URI, or a page of a collection that the script names itself.
collection = "dev.belvedere.demo.post"

function handle()
  if params.uri then
    local record = db.get(params.uri)
    if not record then
      error("record not found")
    end
    return { record = record }
  end
  return db.query({ collection = collection, did = params.did, limit = params.limit, cursor = params.cursor })
end
