-- KEYS: the order of files, their sizes, the sums. ARGV: a file, '1' where it begins, bytes more, most bytes,
-- most files. The oldest others that have to make room, false where the file has made room itself.
local file, order = ARGV[1], KEYS[1]
if ARGV[2] == '1' then
  redis.call('ZADD', order, redis.call('HINCRBY', KEYS[3], 'begun', 1), file)
elseif not redis.call('ZSCORE', order, file) then
  return false
end
redis.call('HINCRBY', KEYS[2], file, ARGV[3])
local total = tonumber(redis.call('HINCRBY', KEYS[3], 'bytes', ARGV[3]))
local files, victims, at = redis.call('ZCARD', order), {}, 0
while total > tonumber(ARGV[4]) or files > tonumber(ARGV[5]) do
  local oldest = redis.call('ZRANGE', order, at, at)[1]
  if not oldest then break end
  if oldest ~= file then
    victims[#victims + 1] = oldest
    total = total - tonumber(redis.call('HGET', KEYS[2], oldest) or 0)
    files = files - 1
  end
  at = at + 1
end
return victims
