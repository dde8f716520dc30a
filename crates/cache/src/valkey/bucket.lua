-- Spends from a token bucket: see bucket.rs, which computes the same.
-- KEYS[1] the bucket, its value the time at which it is full
-- ARGV capacity, cost (both in microseconds of refilling), time to use in place of the server's ('' for the server's)
-- Returns {allowed, debt}.
local capacity, cost, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local debt = math.max(tonumber(redis.call('GET', KEYS[1]) or '0') - now, 0)
local after = debt + cost
if after > capacity then
    return {0, debt}
end
if after > 0 then
    -- A full bucket is the same as none, so an entry lives as long as its debt. '%.0f': tostring() rounds to 14 digits.
    redis.call('SET', KEYS[1], string.format('%.0f', now + after), 'PX', string.format('%.0f', math.ceil(after / 1000)))
end
return {1, after}
