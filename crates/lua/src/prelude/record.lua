-- The class Record: a table of a record's fields that knows where the record is.
local native, kit = ...
local error, ipairs, next, pairs = error, ipairs, next, pairs
local rawget, rawset, setmetatable, type = rawget, rawset, setmetatable, type
local call, settle, null, array, offers = native.call, kit.settle, native.null, native.array, kit.offers
local new_tid = kit.raising(native.tid_new)
local sub = string.sub
local numbers = kit.host_numbers

local READ_ONLY = {
  _uri = true, _cid = true, _collection = true, _key_type = true, _rkey = true, _schema = true, _repo_override = true,
}

local function ask(name, ...)
  local number = numbers[name]
  if not number or not offers(number) then error("records cannot be used here", 0) end
  return settle(call(number, ...))
end

local function non_empty(value, name)
  if type(value) ~= "string" or value == "" then
    error("bad argument #1 to '" .. name .. "' (a string that is not empty expected)", 3)
  end
  return value
end

-- One class for each run: a script may change it.
local function class()
  local states, keys_made = setmetatable({}, { __mode = "k" }), 0
  local Record = {}

  local instance = { __metatable = false, __name = "Record" }
  function instance.__index(record, name)
    if READ_ONLY[name] then return states[record][name] end
    return Record[name]
  end
  function instance.__newindex(record, name, value)
    if READ_ONLY[name] then error("the field '" .. name .. "' of a record is read-only", 2) end
    rawset(record, name, value)
  end

  local function state_of(record, name)
    local state = states[record]
    if not state then error("bad argument #1 to '" .. name .. "' (a record expected; use ':')", 3) end
    return state
  end

  local function instantiate(collection, fields)
    local known = ask("record.schema", collection) or {}
    local schema = type(known.schema) == "table" and known.schema or nil
    local record = setmetatable({}, instance)
    states[record] = { _collection = collection, _key_type = known.key_type or "any", _schema = schema }
    for name, value in pairs(fields or {}) do
      if not READ_ONLY[name] then rawset(record, name, value) end
    end
    return record, states[record]
  end

  local function default_fields(record, schema)
    if not schema or type(schema.properties) ~= "table" then return end
    for name, property in pairs(schema.properties) do
      if record[name] == nil and type(property) == "table" and property.default ~= nil then
        rawset(record, name, property.default)
      end
    end
  end

  local function new(collection, fields)
    if type(collection) ~= "string" or collection == "" then
      error("bad argument #1 to 'Record' (the NSID of a collection expected)", 3)
    end
    if fields ~= nil and type(fields) ~= "table" then
      error("bad argument #2 to 'Record' (table expected, got " .. type(fields) .. ")", 3)
    end
    local record, state = instantiate(collection, fields)
    default_fields(record, state._schema)
    return record
  end

  local function fresh_rkey(state)
    local kind = state._key_type
    if kind == "tid" or kind == "any" then return new_tid() end
    if sub(kind, 1, 8) == "literal:" then return sub(kind, 9) end
    error("records of " .. state._collection .. " have keys of type " .. kind .. ": set one with set_rkey", 0)
  end

  -- What is sent: the properties of the schema, or every field if there is none.
  local function item(record, state)
    local schema, body = state._schema, { ["$type"] = state._collection }
    local properties = schema and schema.properties
    if type(properties) == "table" then
      for _, name in ipairs(type(schema.required) == "table" and schema.required or {}) do
        if rawget(record, name) == nil then
          error("the record of " .. state._collection .. " lacks the required field '" .. name .. "'", 0)
        end
      end
      for name in pairs(properties) do
        local value = rawget(record, name)
        if value ~= nil then body[name] = value end
      end
    else
      for name, value in next, record do body[name] = value end
    end
    return {
      collection = state._collection, record = body, uri = state._uri, rkey = state._rkey, repo = state._repo_override,
    }
  end

  local function prepared(record, state)
    if not state._uri and not state._rkey and state._key_type ~= "tid" then state._rkey = fresh_rkey(state) end
    return item(record, state)
  end

  local function saved(state, answer)
    state._uri, state._cid = answer.uri, answer.cid
  end

  function Record.save_all(records)
    local items, all = {}, {}
    for i, record in ipairs(records) do
      all[i] = state_of(record, "save_all")
      items[i] = prepared(record, all[i])
    end
    local failed
    for i, answer in ipairs(ask("record.save", array(items))) do
      if answer.error ~= nil then failed = failed or answer else saved(all[i], answer) end
    end
    if failed then error((failed.auth == true and "AUTH_ERROR: " or "") .. failed.error, 0) end
    return records
  end

  function Record:save()
    state_of(self, "save")
    Record.save_all({ self })
    return self
  end

  function Record:save_local()
    local state = state_of(self, "save_local")
    local fresh
    if not state._uri and not state._rkey then
      state._rkey = fresh_rkey(state)
      if sub(state._key_type, 1, 8) ~= "literal:" then keys_made, fresh = keys_made + 1, keys_made + 1 end
    end
    local sent = item(self, state)
    sent.fresh = fresh
    local uri = ask("record.save_local", sent).uri
    state._uri, state._cid, state._rkey = uri, nil, kit.strings.match(uri, "([^/]+)$")
    return self
  end

  function Record:delete()
    local state = state_of(self, "delete")
    if not state._uri then error("the record has not been saved, so there is nothing to delete", 2) end
    ask("record.delete", state._uri)
    state._uri, state._cid = nil, nil
    return self
  end

  function Record.delete_local(which)
    if type(which) == "string" then return ask("record.delete_local", which) end
    local state = state_of(which, "delete_local")
    if not state._uri then error("the record has not been saved, so there is nothing to delete", 2) end
    local deleted = ask("record.delete_local", state._uri)
    state._uri, state._cid = nil, nil
    return deleted
  end

  function Record:set_repo(did)
    state_of(self, "set_repo")._repo_override = non_empty(did, "set_repo")
    return self
  end

  function Record:set_rkey(rkey)
    state_of(self, "set_rkey")._rkey = non_empty(rkey, "set_rkey")
    return self
  end

  function Record:set_key_type(kind)
    state_of(self, "set_key_type")._key_type = non_empty(kind, "set_key_type")
    return self
  end

  function Record:generate_rkey()
    local state = state_of(self, "generate_rkey")
    state._rkey = fresh_rkey(state)
    return state._rkey
  end

  local function loaded(found)
    if found == null or found == nil then return nil end
    local collection, rkey = kit.strings.match(found.uri, "^at://[^/]+/([^/]+)/([^/]+)$")
    local record, state = instantiate(collection or "", found.record)
    state._uri, state._rkey = found.uri, rkey
    if found.cid ~= null then state._cid = found.cid end
    return record
  end

  function Record.load_all(uris)
    local found, records = ask("record.load", array(uris)), array({})
    for i = 1, #uris do records[i] = loaded(found[i]) end
    return records
  end

  function Record.load(uri)
    non_empty(uri, "load")
    return loaded(ask("record.load", array({ uri }))[1])
  end

  function Record.new(collection, fields)
    return (new(collection, fields))
  end

  return setmetatable(Record, {
    __metatable = false,
    __call = function(_, collection, fields) return (new(collection, fields)) end,
  })
end

if numbers["record.schema"] then kit.record_class = class end
