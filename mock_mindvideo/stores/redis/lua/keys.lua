-- KEYS: the world's list of keys. ARGV: a digest. A key that is known keeps its place.
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] or 0
  redis.call('ZADD', KEYS[1], last + 1, ARGV[1])
end
return 1
