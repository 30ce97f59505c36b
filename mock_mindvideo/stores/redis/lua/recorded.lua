-- KEYS: the world's entries, the sums. ARGV: the number after which, how many at most.
-- The last number of all, the last that was dropped, and the world's entries.
local sums = redis.call('HMGET', KEYS[2], 'last', 'lost')
local found = {}
if ARGV[2] ~= '0' then
  found = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])
end
return {sums[1] or '0', sums[2] or '0', found}
