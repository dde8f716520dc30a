-- The environment of a run. What a script changes in it is gone with it.
local native, kit = ...
local rawset, setmetatable, type = rawset, setmetatable, type
local base, makers, strings, host_table, given = kit.base, kit.makers, kit.strings, kit.host_table, native.given
local begin_host = kit.begin_host
local of_strings = getmetatable("")
of_strings.__metatable = false

-- Most scripts use few of the libraries and of what they are given, so that these are made when they are first asked for.
local environment = { __metatable = false }
function environment.__index(env, name)
  local value = base[name]
  if value == nil then
    local make = makers[name]
    if make then
      value = make()
    else
      value = given(name)
      if value == nil or type(value) == "table" then value = host_table(name, value) end
    end
    if value == nil then
      if name == "_G" then value = env else return nil end
    end
  end
  rawset(env, name, value)
  return value
end

-- What a script takes away must not come back.
function environment.__newindex(env, name, value)
  if value == nil then given(name) end
  rawset(env, name, value)
end

function kit.begin()
  begin_host()
  local s = strings
  -- Written out, because every run needs it: methods of strings are looked up in it.
  local copy = {
    byte = s.byte, char = s.char, find = s.find, format = s.format, gmatch = s.gmatch, gsub = s.gsub, len = s.len,
    lower = s.lower, match = s.match, pack = s.pack, packsize = s.packsize, rep = s.rep, reverse = s.reverse,
    sub = s.sub, unpack = s.unpack, upper = s.upper,
  }
  of_strings.__index = copy
  return setmetatable({ string = copy }, environment)
end
