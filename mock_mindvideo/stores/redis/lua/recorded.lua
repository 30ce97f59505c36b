-- KEYS: the world's entries, the sums. ARGV: the world, the number after which, how many at most.
-- The last number of all, the last of the world that was dropped, and the world's entries.
local sums = redis.call('HMGET', KEYS[2], 'last', 'lost of ' .. ARGV[1])
local found = {}
if ARGV[3] ~= '0' then
  found = redis.call('XRANGE', KEYS[1], '(' .. ARGV[2] .. '-0', '+', 'COUNT', ARGV[3])
end
return {sums[1] or '0', sums[2] or '0', found}
