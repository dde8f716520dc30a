-- xrpc.procedure: refuses in its own words.
local MOST = 10

function handle()
  if not caller_did then error("sign in first") end
  if #(input.text or "") > MOST then
    error("text is longer than " .. MOST .. " characters")
  end
  return { ok = true, json = json.decode(json.encode({ a = { 1, 2 }, none = json.null })), at = TID.toISO8601(TID()) ~= "" }
end
