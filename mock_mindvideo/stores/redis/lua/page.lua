-- ARGV: the numbers from which and up to which, and how many at most. Rows of tasks in their order.
local ids = redis.call('ZRANGEBYSCORE', IDS, ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
if #ids == 0 then return {} end
return redis.call('HMGET', TASKS, unpack(ids))
