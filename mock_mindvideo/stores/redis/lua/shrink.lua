-- KEYS: the order of files, their sizes, the sums, the finished ones. ARGV: '1' to count what was dropped,
-- then files.
for at = 2, #ARGV do
  if redis.call('ZREM', KEYS[1], ARGV[at]) == 1 then
    redis.call('HINCRBY', KEYS[3], 'bytes', string.format('%d', -(redis.call('HGET', KEYS[2], ARGV[at]) or 0)))
    redis.call('HDEL', KEYS[2], ARGV[at])
    redis.call('SREM', KEYS[4], ARGV[at])
    redis.call('HINCRBY', KEYS[3], 'dropped', ARGV[1])
  end
end
return 1
