-- Tables: a table may claim any length, so that what goes through it is written in Lua or pays beforehand.
local native, kit = ...
local error, getmetatable, rawget, select, type = error, getmetatable, rawget, select, type
local spend, whole = native.spend, kit.whole
local concat, unpack, sort = kit.paid(table.concat), table.unpack, table.sort

local function checked(t, name)
  if type(t) ~= "table" then
    error("bad argument #1 to '" .. name .. "' (table expected, got " .. (t == nil and "no value" or type(t)) .. ")", 3)
  end
end

local function span(first, last)
  -- As floats, because the difference of two integers may wrap.
  local count = last - (first + 0.0) + 1
  if count > 64 then spend(count // 8) end
end

local tables = { pack = table.pack }
kit.tables = tables

function tables.insert(t, ...)
  checked(t, "insert")
  local count, length = select("#", ...), #t
  if count == 1 then
    t[length + 1] = (...)
    return
  elseif count ~= 2 then
    error("wrong number of arguments to 'insert'", 2)
  end
  local place, value = ...
  place = whole(place, 2, "insert")
  if place < 1 or place > length + 1 then
    error("bad argument #2 to 'insert' (position out of bounds)", 2)
  end
  for i = length, place, -1 do t[i + 1] = t[i] end
  t[place] = value
end

function tables.remove(t, place)
  checked(t, "remove")
  local length = #t
  if place == nil then
    place = length
  else
    place = whole(place, 2, "remove")
    if place ~= length and (place < 1 or place > length + 1) then
      error("bad argument #2 to 'remove' (position out of bounds)", 2)
    end
  end
  local removed = t[place]
  for i = place, length - 1 do t[i] = t[i + 1] end
  -- As in Lua, what lies at the place itself goes even if it is outside.
  t[place > length and place or length] = nil
  return removed
end

function tables.move(from, first, last, place, to)
  checked(from, "move")
  to = to == nil and from or to
  checked(to, "move")
  first, last, place = whole(first, 2, "move"), whole(last, 3, "move"), whole(place, 4, "move")
  if last < first then return to end
  if first <= 0 and last >= math.maxinteger + first then
    error("bad argument #3 to 'move' (too many elements to move)", 2)
  end
  if place > math.maxinteger - (last - first) then
    error("bad argument #4 to 'move' (destination wrap around)", 2)
  end
  if place > last or place <= first or to ~= from then
    for i = 0, last - first do to[place + i] = from[first + i] end
  else
    for i = last - first, 0, -1 do to[place + i] = from[first + i] end
  end
  return to
end

function tables.unpack(t, first, last)
  first = first == nil and 1 or whole(first, 2, "unpack")
  last = last == nil and #t or whole(last, 3, "unpack")
  span(first, last)
  return unpack(t, first, last)
end

function tables.concat(t, separator, first, last)
  checked(t, "concat")
  first = first == nil and 1 or whole(first, 3, "concat")
  last = last == nil and #t or whole(last, 4, "concat")
  span(first, last)
  return concat(t, separator, first, last)
end

-- Sorting asks for the length again, so that it must be the real one.
function tables.sort(t, before)
  checked(t, "sort")
  local metatable = getmetatable(t)
  if type(metatable) == "table" and rawget(metatable, "__len") ~= nil then
    error("bad argument #1 to 'sort' (a table with __len)", 2)
  end
  spend(#t * 2)
  sort(t, before)
end
