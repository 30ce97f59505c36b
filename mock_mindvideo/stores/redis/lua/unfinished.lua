-- ARGV: a moment and an id after which, and how many at most. Tasks that end later, in the order of
-- their ends: the end with the id, then the number, of each.
local found, answer = redis.call('ZRANGEBYLEX', ENDS, '(' .. ARGV[1], '+', 'LIMIT', 0, ARGV[2]), {}
for _, each in ipairs(found) do
  answer[#answer + 1] = each
  answer[#answer + 1] = redis.call('ZSCORE', IDS, string.sub(each, 21)) or '-1'
end
return answer
