-- xrpc.procedure: a post, and then two likes of it at once, under keys of the script's making.
local function at(r) return { uri = r._uri, cid = r._cid } end

function handle()
  local post = Record("dev.belvedere.demo.post", { text = input.text, createdAt = now() })
  post:save()
  local likes = {}
  for i = 1, 2 do
    likes[i] = Record.new("dev.belvedere.demo.like", { subject = at(post), createdAt = now() })
    likes[i]:set_rkey(post._uri:match("[^/]+$") .. "-" .. i)
  end
  Record.save_all(likes)
  return { post = at(post), likes = { at(likes[1]), at(likes[2]) } }
end
