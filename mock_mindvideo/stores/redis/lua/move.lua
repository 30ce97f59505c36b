-- ARGV: 1 the version that is believed, 2 the digest of the row that is, 3 real, 4-6 what is indexed of the
-- new row and 7 its rest, 8-10 number and ids, 11 channel, 12 notice.
-- Replaces a task that is as it is believed to be; whether it did.
local row = redis.call('HGET', TASKS, ARGV[9])
if not row or redis.sha1hex(row) ~= ARGV[2] or not believed(ARGV[1], '', '', '') then return 0 end
local old = cjson.decode(string.sub(row, 1, string.find(row, '\n', 1, true) - 1))
local head = {ARGV[4], ARGV[5], ARGV[6], ARGV[8], ARGV[9], ARGV[10]}
-- What has been settled already is not given back again.
local settled = old[2] ~= '' and not redis.call('ZSCORE', REFUNDS, refund_of(old))
local same = old[1] == head[1] and old[2] == head[2]
put(head, ARGV[7], same and settled and '' or redis.call('HGET', WORLD, 'from') or '')
redis.call('HINCRBY', WORLD, 'books', 1)
saw(ARGV[3])
redis.call('PUBLISH', ARGV[11], ARGV[12])
return 1
