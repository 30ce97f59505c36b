-- KEYS: the world's entries. ARGV: an id before which, or '+', how many at most. Ids of exchanges, the
-- newest first, and the id from which on was looked, '' where there is nothing more.
local before = ARGV[1] == '+' and '+' or '(' .. ARGV[1]
local found, ids = redis.call('XREVRANGE', KEYS[1], before, '-', 'COUNT', ARGV[2]), {}
for _, entry in ipairs(found) do
  if string.sub(entry[2][1], 1, 1) == '0' then ids[#ids + 1] = entry[1] end
end
local more = #found == tonumber(ARGV[2])
return {more and found[#found][1] or '', ids}
