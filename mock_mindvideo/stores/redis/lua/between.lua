-- KEYS: the world's entries. ARGV: first and last id, how many at most. Entries as they are.
return redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
