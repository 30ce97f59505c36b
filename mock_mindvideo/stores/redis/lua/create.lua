-- The atomic step of a submit.
-- ARGV: 1-4 what is believed of the world, 5 the revision that is known, 6 real, 7-13 the new state,
-- 14 the idempotency key after a 'k', or '', 15 'exact' or 'next', 16 the task's end, 17-18 what it gives
-- back, 19 the rest of its row, 20-22 number and ids, or 20 the prefix of ids and 21 that of requests,
-- 22 where ids begin, 23 their stride, 24 what the task costs in millionths, or '', 25 the world's now,
-- 26 how many of the tasks before it may be unfinished, or '', 27 from when on it could be in flight.
-- Returns {2, row} where the key has a task, {0, world} where the world is another, {3, world} where the
-- credit needs a closer look, {4, world} where its waiting does, {1, head, micros, waiting or ''}.
local MOST = 1000

-- Digits that a double counts exactly.
local EXACT = '0009007199254740992'

-- When a task ends that never does.
local NEVER = '4611686018427387904'

if ARGV[14] ~= '' then
  local known = redis.call('HGET', KEYED, ARGV[14])
  if known then return {2, redis.call('HGET', TASKS, known)} end
end
if not believed(ARGV[1], ARGV[2], ARGV[3], ARGV[4]) then return {0, ground('', ARGV[5])} end

-- Numbers of 96 bits are four digits of 24, so that their products with a number fit a double.
local DIGIT = 16777216
local function walked(first, stride, number)
  local carry, digits = 0, {}
  for place = 4, 1, -1 do
    local at = place * 6 - 5
    local sum = tonumber(string.sub(first, at, at + 5), 16)
      + tonumber(string.sub(stride, at, at + 5), 16) * number + carry
    carry = math.floor(sum / DIGIT)
    digits[place] = string.format('%06x', sum - carry * DIGIT)
  end
  return table.concat(digits)
end

-- What ended tasks gave back is taken from what is committed, once; whether it could be.
local function settled(from, now)
  local due = redis.call('ZRANGEBYLEX', REFUNDS, '-', '[' .. now .. ';', 'LIMIT', 0, MOST)
  local back = 0
  for _, each in ipairs(due) do
    local number, micros = string.match(each, '^%d+:(%d+):([%dx]+):')
    if micros == 'x' then return false end
    if tonumber(number) >= from then back = back + tonumber(micros) end
  end
  if #due == 0 then return true end
  if back > 0 then redis.call('HINCRBY', WORLD, 'micros', string.format('%.0f', -back)) end
  redis.call('HINCRBY', WORLD, 'books', 1)
  for _, each in ipairs(due) do redis.call('ZREM', REFUNDS, each) end
  return #due < MOST
end

-- When the task ends, and how long it waits for those before it so that fewer are in flight. Nothing where
-- no double says it: a task that ends does so after it was free to go on, so the later moment tells.
local function delayed(ends)
  if ARGV[26] == '' then return ends, 0 end
  local free = redis.call('ZREVRANGE', ENDS, ARGV[26], ARGV[26])[1]
  free = free and string.match(free, '^%d+') or ''
  if free <= ARGV[27] then return ends, 0 end
  local waits = tonumber(free) - tonumber(ARGV[27])
  local never = ends >= NEVER
  local last = never and tonumber(free) or tonumber(ends) + waits
  if last >= tonumber(EXACT) then return nil end
  return never and ends or string.format('%019.0f', last), waits
end

local ends, waits = delayed(ARGV[16])
if not ends then return {4, ground('', ARGV[5])} end
local rest, waiting = ARGV[19], ''
if waits > 0 then
  waiting = string.format('%.0f', waits)
  local facts = string.find(rest, '\n', 1, true)
  rest = string.sub(rest, 1, facts - 3) .. waiting .. string.sub(rest, facts - 1)
end

local limit, from = unpack(redis.call('HMGET', WORLD, 'limit', 'from'))
if ARGV[24] ~= '' then
  if (limit or '') == '' or not settled(tonumber(from), ARGV[25]) then return {3, ground('', ARGV[5])} end
  local micros = tonumber(redis.call('HGET', WORLD, 'micros'))
  if micros + tonumber(ARGV[24]) > tonumber(limit) then return {3, ground('', ARGV[5])} end
  redis.call('HINCRBY', WORLD, 'micros', ARGV[24])
end
write({ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13]})
if ARGV[7] ~= UNCHANGED then from = ARGV[12] end
local number, id, request = ARGV[20], ARGV[21], ARGV[22]
local last = tonumber(redis.call('HGET', WORLD, 'number') or 0)
if ARGV[15] == 'next' then
  number = string.format('%d', last + 1)
  local digits = walked(ARGV[22], ARGV[23], last + 1)
  id, request = ARGV[20] .. digits, ARGV[21] .. string.reverse(digits)
end
if tonumber(number) > last then redis.call('HSET', WORLD, 'number', number) end
local head = {ends, ARGV[17], ARGV[18], number, id, request}
put(head, rest, from or '')
if ARGV[14] ~= '' then redis.call('HSET', KEYED, ARGV[14], id) end
saw(ARGV[6])
return {1, cjson.encode(head), redis.call('HGET', WORLD, 'micros'), waiting}
