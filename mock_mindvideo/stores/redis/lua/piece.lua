-- KEYS: a file. ARGV: a piece, bytes of each piece but the last. Whether the file is there.
local size = redis.call('HGET', KEYS[1], 'size')
if not size then return 0 end
redis.call('HSET', KEYS[1], 'piece ' .. math.floor(tonumber(size) / tonumber(ARGV[2])), ARGV[1])
redis.call('HINCRBY', KEYS[1], 'size', #ARGV[1])
return 1
