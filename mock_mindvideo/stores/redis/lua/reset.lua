-- ARGV: channel, notice. The world and its tasks are gone; their memory is freed beside.
redis.call('UNLINK', unpack(KEYS))
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
