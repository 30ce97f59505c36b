-- What every script of one world begins with. All its keys have the world's name as hash tag, so
-- that they are on one shard of a cluster.
local WORLD, SCRIPTS, TASKS, IDS, KEYED, ENDS, REFUNDS = unpack(KEYS)
local UNCHANGED = ''

-- The world as it is, false where there is none; texts that the caller knows are left out.
local function ground(version, revision)
  local w = redis.call('HMGET', WORLD, 'version', 'text', 'revision', 'micros', 'number', 'books', 'seen')
  if not w[1] then return false end
  local scripts = UNCHANGED
  if w[3] ~= revision then scripts = redis.call('GET', SCRIPTS) or UNCHANGED end
  if w[1] == version then w[2] = UNCHANGED end
  return {w[1], w[2], w[3], scripts, w[4], w[5], w[6], w[7]}
end

-- Whether the world is as the caller believes it to be; what it did not look at is ''.
local function believed(version, number, books, micros)
  local w = redis.call('HMGET', WORLD, 'version', 'number', 'books', 'micros')
  return (w[1] or '') == version
    and (number == '' or number == (w[2] or '0'))
    and (books == '' or books == (w[3] or '0'))
    and (micros == '' or micros == (w[4] or '0'))
end

-- The latest real moment that any process used here: whoever reads the world goes on from it.
-- Moments are digits of one length, so that their order is that of texts.
local function saw(real)
  local seen = redis.call('HGET', WORLD, 'seen')
  if not seen or seen < real then redis.call('HSET', WORLD, 'seen', real) end
end

-- `state` is {version, text, revision, scripts, limit, from, micros}, the version '' if nothing changes.
local function write(state)
  if state[1] == UNCHANGED then return end
  redis.call('HSET', WORLD, 'version', state[1], 'text', state[2], 'revision', state[3],
    'limit', state[5], 'from', state[6])
  if state[4] ~= UNCHANGED then redis.call('SET', SCRIPTS, state[4]) end
  if state[7] ~= UNCHANGED then redis.call('HSET', WORLD, 'micros', state[7]) end
  redis.call('HSETNX', WORLD, 'micros', '0')
  redis.call('HSETNX', WORLD, 'number', '0')
  redis.call('HSETNX', WORLD, 'books', '0')
end

-- A row begins with a line: when the task ends, what it then gives back (as text, and in millionths
-- or 'x' where these cannot say it), its number and ids.
local function refund_of(head) return head[1] .. ':' .. head[4] .. ':' .. head[3] .. ':' .. head[2] end

local function forget_row(row)
  local head = cjson.decode(string.sub(row, 1, string.find(row, '\n', 1, true) - 1))
  redis.call('ZREM', ENDS, head[1] .. ':' .. head[5])
  if head[2] ~= '' then redis.call('ZREM', REFUNDS, refund_of(head)) end
end

-- Store a task; what it gives back counts from the task `from` on, where a credit limit is set.
local function put(head, rest, from)
  local id = head[5]
  local old = redis.call('HGET', TASKS, id)
  if old then forget_row(old) end
  redis.call('HSET', TASKS, id, cjson.encode(head) .. '\n' .. rest)
  redis.call('ZADD', IDS, head[4], id)
  redis.call('ZADD', ENDS, 0, head[1] .. ':' .. id)
  if head[2] ~= '' and from ~= '' and tonumber(head[4]) >= tonumber(from) then
    redis.call('ZADD', REFUNDS, 0, refund_of(head))
    redis.call('HINCRBY', WORLD, 'books', 1)
  end
end
