-- Replays raw requests in turn; load.py writes them into the file named by the first argument,
-- a NUL between them. "{key}" becomes the second argument and a running number of ten digits.
-- At the end: the figures as one line of JSON.

local requests, prefix, turn = {}, "", 0

local function split(text)
  local pieces, from = {}, 1
  while true do
    local first, last = text:find("{key}", from, true)
    pieces[#pieces + 1] = text:sub(from, (first or 0) - 1)
    if not first then return pieces end
    from = last + 1
  end
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  prefix = args[2]
  for text in file:read("*a"):gmatch("[^%z]+") do
    requests[#requests + 1] = split(text)
  end
  file:close()
end

function request()
  local pieces = requests[turn % #requests + 1]
  turn = turn + 1
  if #pieces == 1 then return pieces[1] end
  return table.concat(pieces, prefix .. string.format("%010d", turn))
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
