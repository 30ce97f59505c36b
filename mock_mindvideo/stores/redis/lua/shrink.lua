-- KEYS: the order of files, their sizes, the sums, what each world holds, the finished ones. ARGV: 1 what a file
-- holds beside its bytes, 2 '1' to count what was dropped, then files.
for at = 3, #ARGV do
  local file = ARGV[at]
  if redis.call('ZREM', KEYS[1], file) == 1 then
    local size, world = tonumber(redis.call('HGET', KEYS[2], file) or 0), string.match(file, '^(.*)/')
    redis.call('HINCRBY', KEYS[3], 'bytes', string.format('%d', -size))
    redis.call('HDEL', KEYS[2], file)
    redis.call('SREM', KEYS[5], file)
    redis.call('HINCRBY', KEYS[3], 'dropped', ARGV[2])
    if tonumber(redis.call('ZINCRBY', KEYS[4], -(size + ARGV[1]), world)) <= 0 then
      redis.call('ZREM', KEYS[4], world)
    end
  end
end
return 1
