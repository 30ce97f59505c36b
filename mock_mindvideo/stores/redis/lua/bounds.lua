-- ARGV: a rank from the end, or ''. The number of the last task, and that of the task of that rank.
local last = redis.call('ZREVRANGE', IDS, 0, 0, 'WITHSCORES')
local first = ARGV[1] ~= '' and redis.call('ZREVRANGE', IDS, ARGV[1], ARGV[1], 'WITHSCORES') or {}
return {last[2] or '-1', first[2] or '0'}
