-- KEYS: the order of all entries, the sums. ARGV: 1 the prefix of each world's entries, 2 most exchanges,
-- 3 most acts, 4 most bytes, 5 how many worlds lost entries before they came here, then each with its
-- number; then world, '1' for an act, size and text of each entry.
-- Numbers count the entries of all worlds. The oldest of all go where a bound is passed.
local ORDER, SUMS = KEYS[1], KEYS[2]
local prefix, most, most_acts, most_bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function count(what, by)
  return tonumber(redis.call('HINCRBY', SUMS, what, string.format('%d', by)))
end

local function dropped(world, times, last)
  count('dropped', times)
  count('dropped of ' .. world, times)
end

local at, first = 6, count('last', 0) + 1
for _ = 1, tonumber(ARGV[5]) do
  dropped(ARGV[at], ARGV[at + 1])
  redis.call('HSET', SUMS, 'lost', first)
  at = at + 2
end
while ARGV[at] do
  local world, act, size = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local id = string.format('%d-0', count('last', 1))
  redis.call('XADD', ORDER, id, world, act .. size)
  redis.call('XADD', prefix .. world, id, act .. size, ARGV[at + 3])
  count('entries', 1)
  count('acts', act)
  count('bytes', size)
  at = at + 4
end
local entries, acts, bytes = count('entries', 0), count('acts', 0), count('bytes', 0)
while entries - acts > most or acts > most_acts or bytes > most_bytes do
  local oldest = redis.call('XRANGE', ORDER, '-', '+', 'COUNT', 1)[1]
  if not oldest then break end
  local id, world, what = oldest[1], oldest[2][1], oldest[2][2]
  local act, size = tonumber(string.sub(what, 1, 1)), tonumber(string.sub(what, 2))
  redis.call('XDEL', ORDER, id)
  redis.call('XDEL', prefix .. world, id)
  entries, acts, bytes = count('entries', -1), count('acts', -act), count('bytes', -size)
  redis.call('HSET', SUMS, 'lost', string.match(id, '^%d+'))
  if act == 0 then dropped(world, 1) end
end
return 1
