-- KEYS: the processes. ARGV: the moment since which one must have said something. Name and count of each.
local all, answer = redis.call('HGETALL', KEYS[1]), {}
for at = 1, #all, 2 do
  local count, seen = string.match(all[at + 1], '^(%d+) (%d+)$')
  if tonumber(seen) >= tonumber(ARGV[1]) then
    answer[#answer + 1] = all[at]
    answer[#answer + 1] = count
  end
end
return answer
