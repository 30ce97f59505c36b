-- ARGV: how many tasks end later. Number and books of the world, and the end of the task before those, '' if
-- there is none.
local w = redis.call('HMGET', WORLD, 'number', 'books')
local found = redis.call('ZREVRANGE', ENDS, ARGV[1], ARGV[1])[1]
return {w[1] or '0', w[2] or '0', found and string.match(found, '^%d+') or ''}
