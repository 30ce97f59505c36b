-- KEYS: a file. Whether it is there, finished from now on.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'finished', 1)
return 1
