-- KEYS: the clock. ARGV: 1 what the caller's clock says, or '' for one that begins,
-- 2 tolerance, 3 lease. Moments and spans are microseconds. The real moment.
-- This machine's time is not trusted where it jumps, or is another machine's after a failover: the
-- processes that are there go on as they did, and one that begins goes on from the mark.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local kept = redis.call('HMGET', KEYS[1], 'offset', 'mark')
local offset, mark = tonumber(kept[1] or 0), tonumber(kept[2] or 0)
local real, mine = now + offset, tonumber(ARGV[1])
if mine then
  if math.abs(real - mine) > tonumber(ARGV[2]) then real = mine end
elseif real < mark - tonumber(ARGV[3]) then
  real = mark
end
mark = math.max(mark, real + tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'offset', string.format('%.0f', real - now), 'mark', string.format('%.0f', mark))
return string.format('%.0f', real)
