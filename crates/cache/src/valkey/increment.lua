-- Adds to a counter; the first increment starts its time to live.
-- KEYS[1] the counter; ARGV increment, milliseconds to live. Returns the new value, or false if it would overflow.
local sum = redis.pcall('INCRBY', KEYS[1], ARGV[1])
if type(sum) == 'table' then
    return false
end
if redis.call('PTTL', KEYS[1]) < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
-- As text: Lua's numbers are exact up to 2^53 only.
return redis.call('GET', KEYS[1])
