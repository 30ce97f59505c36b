-- KEYS: the order of all entries, the sums, what each world holds. ARGV: 1 the prefix of each world's entries,
-- 2 most exchanges, 3 most acts, 4 most bytes, 5 what an entry holds beside its bytes, 6 how much is much,
-- 7 how many worlds lost entries before they came here, then each with its number; then world, '1' for an act,
-- size and text of each entry.
-- Numbers count the entries of all worlds. Where a bound is passed, the world that holds the most gives way with
-- its oldest, if it holds much; otherwise the oldest of all go (see `stores/shares.py`).
local ORDER, SUMS, HELD = KEYS[1], KEYS[2], KEYS[3]
local prefix, each, much = ARGV[1], tonumber(ARGV[5]), tonumber(ARGV[6])
local most, most_acts, most_bytes = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local function count(what, by)
  return tonumber(redis.call('HINCRBY', SUMS, what, string.format('%d', by)))
end

local function dropped(world, times, last)
  count('dropped', times)
  count('dropped of ' .. world, times)
  redis.call('HSET', SUMS, 'lost of ' .. world, last)
end

local function oldest_of(key) return redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1] end

local function number_of(id) return tonumber(string.match(id, '^%d+')) end

-- The world that gives way because it holds much, of those that hold as much the one with the oldest.
local function heaviest()
  local top = redis.call('ZREVRANGE', HELD, 0, 0, 'WITHSCORES')
  if not top[2] or tonumber(top[2]) <= much then return nil end
  local chosen, first
  for _, world in ipairs(redis.call('ZRANGEBYSCORE', HELD, top[2], top[2])) do
    local number = number_of(oldest_of(prefix .. world)[1])
    if not first or number < first then chosen, first = world, number end
  end
  return chosen
end

local at, first = 8, count('last', 0) + 1
for _ = 1, tonumber(ARGV[7]) do
  dropped(ARGV[at], ARGV[at + 1], first)
  at = at + 2
end
while ARGV[at] do
  local world, act, size = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local id = string.format('%d-0', count('last', 1))
  redis.call('XADD', ORDER, id, world, '')
  redis.call('XADD', prefix .. world, id, act .. size, ARGV[at + 3])
  redis.call('ZINCRBY', HELD, size + each, world)
  count('entries', 1)
  count('acts', act)
  count('bytes', size)
  at = at + 4
end
local entries, acts, bytes = count('entries', 0), count('acts', 0), count('bytes', 0)
while entries > 0 and (entries - acts > most or acts > most_acts or bytes > most_bytes) do
  local world = heaviest() or oldest_of(ORDER)[2][1]
  local entry = oldest_of(prefix .. world)
  local id, what = entry[1], entry[2][1]
  local act, size = tonumber(string.sub(what, 1, 1)), tonumber(string.sub(what, 2))
  redis.call('XDEL', ORDER, id)
  redis.call('XDEL', prefix .. world, id)
  if tonumber(redis.call('ZINCRBY', HELD, -(size + each), world)) <= 0 then
    redis.call('ZREM', HELD, world)
  end
  entries, acts, bytes = count('entries', -1), count('acts', -act), count('bytes', -size)
  dropped(world, 1 - act, number_of(id))
end
return 1
