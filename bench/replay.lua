-- wrk: sends the prepared requests of a file in turn, and ends with one line of JSON.
-- Arguments: the file (of each request the number of its bytes, a line end, the bytes) and where in it to begin.
local prepared = {}
local at = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read("*n")
    if length == nil then break end
    file:read(1)
    prepared[#prepared + 1] = file:read(length)
  end
  file:close()
  at = tonumber(args[2]) % #prepared
end

function request()
  at = at % #prepared + 1
  return prepared[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"failed":%d,"medianMs":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
