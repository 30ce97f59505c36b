-- KEYS: the order of files, their sizes, the sums, what each world holds. ARGV: 1 a file, 2 '1' where it begins,
-- 3 bytes more, 4 most bytes, 5 most files, 6 what a file holds beside its bytes, 7 how much is much.
-- The others that have to make room, false where the file has made room itself. The world that holds the most gives
-- way with its oldest, if it holds much; otherwise the oldest of all go (see `stores/shares.py`).
local ORDER, SIZES, SUMS, HELD = unpack(KEYS)
local file, each, much = ARGV[1], tonumber(ARGV[6]), tonumber(ARGV[7])
local function world_of(name) return string.match(name, '^(.*)/') end

if ARGV[2] == '1' then
  redis.call('ZADD', ORDER, redis.call('HINCRBY', SUMS, 'begun', 1), file)
  redis.call('ZINCRBY', HELD, each, world_of(file))
elseif not redis.call('ZSCORE', ORDER, file) then
  return false
end
redis.call('HINCRBY', SIZES, file, ARGV[3])
redis.call('ZINCRBY', HELD, ARGV[3], world_of(file))
local total = tonumber(redis.call('HINCRBY', SUMS, 'bytes', ARGV[3]))
local files, victims = redis.call('ZCARD', ORDER), {}
local most, most_files = tonumber(ARGV[4]), tonumber(ARGV[5])
if total <= most and files <= most_files then return victims end

local order, held = redis.call('ZRANGE', ORDER, 0, -1), {}
local heavy = redis.call('ZRANGEBYSCORE', HELD, '(' .. much, '+inf', 'WITHSCORES')
for at = 1, #heavy, 2 do held[heavy[at]] = tonumber(heavy[at + 1]) end

-- Where in the order the file is that gives way next; the first of a world is its oldest.
local function next_at()
  local first, chosen, met = nil, nil, {}
  for at, name in ipairs(order) do
    local world = name and name ~= file and world_of(name)
    if world and not met[world] then
      met[world] = true
      first = first or at
      local mine = held[world]
      if mine and mine > much and (not chosen or mine > held[world_of(order[chosen])]) then chosen = at end
    end
  end
  return chosen or first
end

while total > most or files > most_files do
  local at = next_at()
  if not at then break end
  local size, world = tonumber(redis.call('HGET', SIZES, order[at]) or 0), world_of(order[at])
  victims[#victims + 1] = order[at]
  order[at] = false
  total, files = total - size, files - 1
  if held[world] then held[world] = held[world] - size - each end
end
return victims
