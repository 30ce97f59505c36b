-- ARGV: a task's id, or '' and an idempotency key after a 'k', or '' again; version and revision that are
-- known. The task's row, and the world.
local id = ARGV[1]
if id == '' and ARGV[2] ~= '' then id = redis.call('HGET', KEYED, ARGV[2]) or '' end
return {id ~= '' and redis.call('HGET', TASKS, id), ground(ARGV[3], ARGV[4])}
