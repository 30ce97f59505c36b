-- ARGV: channel, notice, and perhaps version, number and books that are believed. The world and its tasks are
-- gone, unless it is another; their memory is freed beside.
if ARGV[3] and not believed(ARGV[3], ARGV[4], ARGV[5], '') then return 0 end
redis.call('UNLINK', unpack(KEYS))
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
