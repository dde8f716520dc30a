-- Globals beside those of Lua, each made anew for every run that asks for it.
local native, kit = ...
local setmetatable, tostring, type, error = setmetatable, tostring, type, error
local raising = kit.raising
local base, makers = kit.base, {}
kit.makers = makers

local function copied(library)
  return function()
    local copy = {}
    for name, value in next, library do copy[name] = value end
    return copy
  end
end

base.now = raising(native.now)
base.unpack = kit.tables.unpack

function base.log(message)
  native.log(tostring(message))
end

function base.toarray(t)
  if type(t) ~= "table" then
    error("bad argument #1 to 'toarray' (table expected, got " .. (t == nil and "no value" or type(t)) .. ")", 2)
  end
  local array = native.array({})
  for i = 1, #t do array[i] = t[i] end
  return array
end

makers.table = copied(kit.tables)
makers.coroutine = copied(kit.coroutine)
makers.utf8 = copied(utf8)
makers.os = copied({ time = os.time, date = os.date, difftime = os.difftime, clock = os.clock })

-- Numbers must not depend on what an earlier run made of the generator.
local copied_math, randomseed = copied(math), math.randomseed
function makers.math()
  randomseed(native.seed())
  return copied_math()
end

makers.json = copied({ encode = raising(native.encode), decode = raising(native.decode), null = native.null })

local tid = copied({
  toISO8601 = raising(native.tid_to_iso), fromISO8601 = raising(native.tid_from_iso),
  toUnixMicroseconds = raising(native.tid_to_micros), fromUnixMicroseconds = raising(native.tid_from_micros),
  toNumber = raising(native.tid_to_number), fromNumber = raising(native.tid_from_number),
})
local new_tid = raising(native.tid_new)
function makers.TID()
  return setmetatable(tid(), { __metatable = false, __call = function() return new_tid() end })
end

makers.Record = kit.record_class
