-- xrpc.query: what that table says.
function handle()
  return { top = db.raw("SELECT uri, likes FROM tally ORDER BY likes DESC, uri LIMIT $1", { params.limit or 10 }) }
end
