-- KEYS: the processes. ARGV: name, its open streams, real, the moment since which the others must have said
-- something.
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
local all = redis.call('HGETALL', KEYS[1])
for at = 1, #all, 2 do
  local count, seen = string.match(all[at + 1], '^(%d+) (%d+)$')
  if count == '0' or tonumber(seen) < tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], all[at]) end
end
return 1
