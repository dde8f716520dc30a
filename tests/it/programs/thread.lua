-- xrpc.query: a post with what others did with it and where its author is.
function handle()
  local post = db.get(params.uri)
  if not post then return { found = false } end
  local author = params.uri:match("^at://([^/]+)")
  local likes = db.backlinks({ collection = "dev.belvedere.demo.like", uri = params.uri, limit = 100 })
  local by = {}
  for _, like in ipairs(likes.records) do
    by[#by + 1] = like.uri:match("^at://([^/]+)")
  end
  return {
    found = true,
    text = post.text,
    likes = #likes.records,
    liked_by = toarray(by),
    posts_of_author = db.count("dev.belvedere.demo.post", author),
    pds = atproto.resolve_service_endpoint(author),
  }
end
