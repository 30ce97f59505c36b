-- KEYS: the order of all entries, the sums, what each world holds, the world's entries. ARGV: the world, how many
-- at most. Drops some of the world's entries, which makes room for others; whether there may be more.
local function less(what, by)
  redis.call('HINCRBY', KEYS[2], what, string.format('%d', -tonumber(by)))
end

local found = redis.call('XRANGE', KEYS[4], '-', '+', 'COUNT', ARGV[2])
for _, entry in ipairs(found) do
  local id, what = entry[1], entry[2][1]
  redis.call('XDEL', KEYS[1], id)
  redis.call('XDEL', KEYS[4], id)
  less('entries', 1)
  less('acts', string.sub(what, 1, 1))
  less('bytes', string.sub(what, 2))
end
-- What is left of a world weighs nothing until all of it is gone.
redis.call('ZREM', KEYS[3], ARGV[1])
if #found == tonumber(ARGV[2]) then return 1 end
redis.call('DEL', KEYS[4])
redis.call('HDEL', KEYS[2], 'dropped of ' .. ARGV[1], 'lost of ' .. ARGV[1])
return 0
