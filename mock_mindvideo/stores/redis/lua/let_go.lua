-- ARGV: 1 an idempotency key after a 'k', 2 the id of the task that it is taken from, if it still has it.
if redis.call('HGET', KEYED, ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYED, ARGV[1]) end
return 1
