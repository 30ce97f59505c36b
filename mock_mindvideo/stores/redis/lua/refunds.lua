-- ARGV: the world's now, the number from which on tasks count. Books and micros as they are, then each
-- amount that was given back and how often.
local w = redis.call('HMGET', WORLD, 'books', 'micros')
local times, answer = {}, {w[1] or '', w[2] or ''}
for _, each in ipairs(redis.call('ZRANGEBYLEX', REFUNDS, '-', '[' .. ARGV[1] .. ';')) do
  local number, amount = string.match(each, '^%d+:(%d+):[%dx]+:(.*)$')
  if tonumber(number) >= tonumber(ARGV[2]) then times[amount] = (times[amount] or 0) + 1 end
end
for amount, count in pairs(times) do
  answer[#answer + 1] = amount
  answer[#answer + 1] = count
end
return answer
