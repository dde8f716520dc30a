-- Base functions and coroutines: what catches errors asks whether the run is over.
local native, kit = ...
local error, getmetatable, rawget, setmetatable, type = error, getmetatable, rawget, setmetatable, type
local pcall, caught, spend = pcall, native.caught, native.spend
local create, wrap, resume, close = coroutine.create, coroutine.wrap, coroutine.resume, coroutine.close
local FAILED = native.failed

-- Native functions return FAILED, a message and a level instead of raising, so that scripts see plain strings.
local function settle(first, ...)
  if first == FAILED then
    local message, level = ...
    error(message, level)
  end
  return first, ...
end

function kit.raising(f)
  return function(...) return settle(f(...)) end
end
kit.settle = settle

-- A value that must be a string, or a number that becomes one.
function kit.text(value, position, name)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "number" then return value .. "" end
  error("bad argument #" .. position .. " to '" .. name .. "' (string expected, got " .. (value == nil and "no value" or kind) .. ")", 3)
end

-- A value that must be a whole number.
function kit.whole(value, position, name)
  local number = math.tointeger(value)
  if number == nil and type(value) == "string" then number = math.tointeger(tonumber(value)) end
  if number then return number end
  local kind = type(value)
  local wrong = kind == "number" and "number has no integer representation" or "number expected, got " .. (value == nil and "no value" or kind)
  error("bad argument #" .. position .. " to '" .. name .. "' (" .. wrong .. ")", 3)
end

local function attempted(ok, ...)
  if ok then return true, ... end
  return false, caught((...))
end

local function handled(handler, ok, ...)
  if ok then return true, ... end
  return false, handler(caught((...)))
end

local base = {
  assert = assert, error = error, getmetatable = getmetatable, ipairs = ipairs, next = next, pairs = pairs,
  rawequal = rawequal, rawget = rawget, rawlen = rawlen, rawset = rawset, select = select, tonumber = tonumber,
  tostring = tostring, type = type,
}
kit.base = base

function base.pcall(...)
  return attempted(pcall(...))
end

-- The handler runs after the stack is unwound: while Lua runs one of its own, nothing can stop it.
function base.xpcall(f, handler, ...)
  return handled(handler, pcall(f, ...))
end

-- Finalisers run while nothing can stop them.
function base.setmetatable(table, metatable)
  if type(metatable) == "table" and rawget(metatable, "__gc") ~= nil then
    error("finalisers (__gc) are not supported", 2)
  end
  return setmetatable(table, metatable)
end

local tostring = tostring
function base.print(...)
  local line = {}
  for i = 1, select("#", ...) do line[i] = tostring((select(i, ...))) end
  native.print(table.concat(line, "\t"))
end

-- A coroutine that ends in an error must leave nothing to be closed, because it is closed while nothing can stop it.
local function finished(ok, ...)
  if ok then return ... end
  error(caught((...)), 0)
end

local function body(f, name)
  if type(f) ~= "function" then
    error("bad argument #1 to '" .. name .. "' (function expected)", 3)
  end
  spend(1000)
  return function(...) return finished(pcall(f, ...)) end
end

kit.coroutine = {
  isyieldable = coroutine.isyieldable, running = coroutine.running, status = coroutine.status, yield = coroutine.yield,
  create = function(f) return create(body(f, "create")) end,
  wrap = function(f) return wrap(body(f, "wrap")) end,
  resume = function(...) return attempted(resume(...)) end,
  close = function(co) return attempted(close(co)) end,
}
