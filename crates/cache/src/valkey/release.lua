-- Gives back a lock that is still the caller's. KEYS[1] the lock; ARGV the caller's token. Returns whether it was.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
return redis.call('DEL', KEYS[1])
