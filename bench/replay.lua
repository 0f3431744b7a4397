-- wrk: sends the prepared requests of a file in turn, and ends with one line of JSON.
-- Arguments: the file (of each request the number of its bytes, a line end, the bytes), where in it to begin, and eight hex
-- digits that no other run has. A trace id of zeros stands for a fresh one.
local prepared = {}
local at = 0
local sent = 0
local run = ""
local mark = "00000000-0000-4000-8000-000000000000"

function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local length = file:read("*n")
    if length == nil then break end
    file:read(1)
    prepared[#prepared + 1] = split(file:read(length))
  end
  file:close()
  at = tonumber(args[2]) % #prepared
  run = args[3]
end

-- The parts between the marks.
function split(bytes)
  local parts = {}
  local from = 1
  while true do
    local first, last = bytes:find(mark, from, true)
    parts[#parts + 1] = bytes:sub(from, first and first - 1)
    if first == nil then return parts end
    from = last + 1
  end
end

function request()
  at = at % #prepared + 1
  local parts = prepared[at]
  if #parts == 1 then return parts[1] end
  sent = sent + 1
  return table.concat(parts, string.format("%s-0000-4000-8000-%012x", run, sent))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"failed":%d,"medianMs":%f,"p95Ms":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
