-- Replays raw requests in turn; load.py writes them into the file named by the first argument,
-- a NUL between them. "{key}" becomes the second argument and a running number.
-- At the end: the figures as one line of JSON.

local heads, tails, prefix, turn = {}, {}, "", 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  prefix = args[2]
  for text in file:read("*a"):gmatch("[^%z]+") do
    local first, last = text:find("{key}", 1, true)
    heads[#heads + 1] = first and text:sub(1, first - 1) or text
    tails[#heads] = last and text:sub(last + 1)
  end
  file:close()
end

function request()
  local index = turn % #heads + 1
  turn = turn + 1
  local tail = tails[index]
  return tail and heads[index] .. prefix .. turn .. tail or heads[index]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format(
    '{"requests": %d, "failed": %d, "seconds": %.6f, "p99": %.6f, "slowest": %.6f}\n',
    summary.requests, failed, summary.duration / 1e6,
    latency:percentile(99) / 1e6, latency.max / 1e6
  ))
end
