-- Strings: patterns through our own matcher, and what makes large strings pays for them.
local native, kit = ...
local error, math, type = error, math, type
local settle, text, whole, spend = kit.settle, kit.text, kit.whole, native.spend
local find, match, step, expand = native.find, native.match, native.step, native.expand
local byte, sub = string.byte, string.sub
local concat, pack, unpack = table.concat, table.pack, table.unpack

local function paid(f)
  return function(...)
    local made = f(...)
    if #made > 4096 then spend(#made // 64) end
    return made
  end
end
kit.paid = paid

-- An offset from 1, as functions of strings take it: negative ones count from the end.
local function from(init, length, name)
  if init == nil then return 1 end
  init = math.tointeger(init) or whole(init, 3, name)
  if init > 0 then return init end
  if init == 0 or init < -length then return 1 end
  return length + init + 1
end

local strings = {
  byte = byte, char = string.char, len = string.len, sub = sub,
  pack = paid(string.pack), packsize = string.packsize, unpack = string.unpack,
  format = paid(string.format), lower = paid(string.lower), upper = paid(string.upper),
  reverse = paid(string.reverse),
}
kit.strings = strings

-- Nothing many times over is nothing, but Lua copies it as often as it is told to.
local rep = paid(string.rep)
function strings.rep(s, count, separator)
  s, count = text(s, 1, "rep"), whole(count, 2, "rep")
  if s == "" and (separator == nil or separator == "") then return "" end
  return rep(s, count, separator)
end

function strings.find(s, pattern, init, plain)
  s, pattern = text(s, 1, "find"), text(pattern, 2, "find")
  init = from(init, #s, "find")
  if init > #s + 1 then return nil end
  return settle(find(s, pattern, init, plain and true or false))
end

function strings.match(s, pattern, init)
  s, pattern = text(s, 1, "match"), text(pattern, 2, "match")
  init = from(init, #s, "match")
  if init > #s + 1 then return nil end
  return settle(match(s, pattern, init))
end

function strings.gmatch(s, pattern, init)
  s, pattern = text(s, 1, "gmatch"), text(pattern, 2, "gmatch")
  local at, last = from(init, #s, "gmatch"), nil
  local function advance(start, stop, ...)
    if start == nil then
      at = #s + 2
      return nil
    end
    at, last = stop + 1, stop
    return ...
  end
  return function()
    if at > #s + 1 then return nil end
    return advance(settle(step(s, pattern, at, last, false)))
  end
end

local function replacer(repl)
  local kind = type(repl)
  if kind == "number" then repl, kind = repl .. "", "string" end
  if kind == "string" then
    return function(original, ...) return settle(expand(repl, original, ...)) end
  elseif kind == "table" then
    return function(_, first) return repl[first] end
  elseif kind == "function" then
    return function(_, ...) return repl(...) end
  end
  error("bad argument #3 to 'gsub' (string/function/table expected, got " .. (repl == nil and "no value" or kind) .. ")", 3)
end

function strings.gsub(s, pattern, repl, most)
  s, pattern = text(s, 1, "gsub"), text(pattern, 2, "gsub")
  local replace = replacer(repl)
  most = most == nil and #s + 1 or math.tointeger(most) or whole(most, 4, "gsub")
  local anchored = byte(pattern) == 94
  if anchored then pattern = sub(pattern, 2) end
  local pieces, count, at, last = {}, 0, 1, nil
  while count < most do
    local found = pack(settle(step(s, pattern, at, last, anchored)))
    local start, stop = found[1], found[2]
    if start == nil then break end
    count = count + 1
    if start > at then pieces[#pieces + 1] = sub(s, at, start - 1) end
    local original = sub(s, start, stop)
    local value = replace(original, unpack(found, 3, found.n))
    if not value then
      value = original
    elseif type(value) ~= "string" and type(value) ~= "number" then
      error("invalid replacement value (a " .. type(value) .. ")", 2)
    end
    pieces[#pieces + 1] = value
    at, last = stop + 1, stop
    if anchored then break end
  end
  if count == 0 then return s, 0 end
  pieces[#pieces + 1] = sub(s, at)
  local made = concat(pieces)
  if #made > 4096 then spend(#made // 64) end
  return made, count
end
