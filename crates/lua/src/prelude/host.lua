-- The functions of the host, in tables made anew for every run that asks for them.
local native, kit = ...
local error, math, next, pairs, setmetatable, type = error, math, next, pairs, setmetatable, type
local call, null, offered, byte = native.call, native.null, native.offered, string.byte
local settle = kit.settle

-- What the run has is asked once, all together: a letter for each function.
local letters
function kit.begin_host() letters = nil end

local function offers(number)
  letters = letters or offered()
  return byte(letters, number) == 121
end
kit.offers = offers

-- Names with dots as tables in tables, whose leaves are numbers of functions.
local tree, functions, numbers = {}, {}, {}
kit.host_numbers = numbers
kit.host_functions = functions

-- `db.raw` gets as many parameters as there are, whether or not some in the middle are nil.
local function parameters(given)
  if type(given) ~= "table" then return given end
  local count = math.type(given.n) == "integer" and given.n or 0
  for key in next, given do
    if math.type(key) == "integer" and key > count then count = key end
  end
  if count > 100000 then error("too many parameters", 3) end
  local all = {}
  for i = 1, count do
    local value = given[i]
    if value == nil then value = null end
    all[i] = value
  end
  return native.array(all)
end

-- The bytes of a blob stay with the host; a script has a handle that it can pass on.
local blobs = setmetatable({}, { __mode = "k" })
local blob = { __metatable = false, __index = {} }
function blob.__index.size(handle) return blobs[handle] and blobs[handle].size end
function blob.__index.mime_type(handle) return blobs[handle] and blobs[handle].mimeType end

local function downloaded(answer)
  if type(answer) ~= "table" then return answer end
  local handle = setmetatable({}, blob)
  blobs[handle] = { token = answer.handle, size = answer.size, mimeType = answer.mimeType }
  answer.handle = handle
  return answer
end

local special = {}

special["db.raw"] = function(number)
  return function(sql, given, ...) return settle(call(number, sql, parameters(given), ...)) end
end

special["atproto.blob_download"] = function(number)
  return function(...) return downloaded(settle(call(number, ...))) end
end

special["atproto.blob_upload"] = function(number)
  return function(handle, ...)
    local known = blobs[handle]
    if not known then error("bad argument #1 to 'blob_upload' (a handle of blob_download expected)", 2) end
    return settle(call(number, known.token, ...))
  end
end

local function plain(number)
  return function(...) return settle(call(number, ...)) end
end

for number, name in ipairs(native.host_names) do
  local leaf = tree
  numbers[name] = number
  functions[number] = (special[name] or plain)(number)
  if string.sub(name, 1, 7) ~= "record." then
    local last
    for part in string.gmatch(name, "[^.]+") do
      if last then
        leaf[last] = leaf[last] or {}
        leaf = leaf[last]
      end
      last = part
    end
    leaf[last] = number
  end
end

local function fill(into, branch)
  for name, item in pairs(branch) do
    if type(item) == "table" then
      local made = fill({}, item)
      if next(made) ~= nil then into[name] = made end
    elseif offers(item) then
      into[name] = functions[item]
    end
  end
  return into
end

-- The table of a name, or nil if the run has no function in it. `given` may hold other fields already.
function kit.host_table(name, given)
  local branch = tree[name]
  if type(branch) ~= "table" then
    if branch and given == nil and offers(branch) then return functions[branch] end
    return given
  end
  local made = fill(given or {}, branch)
  if next(made) ~= nil then return made end
end
