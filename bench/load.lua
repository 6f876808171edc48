-- The requests that wrk sends: those of a file, round robin. Each thread of wrk has its own share, so that no two threads send the
-- same request unless there are fewer requests than threads. The last line of output is the result, for bench/run.
--
-- wrk ... -s load.lua URL -- FILE THREADS AUTHORIZATION [PATH]
--   FILE           lines of METHOD, path, body and a header of this request (empty for none), with tabs between them
--   AUTHORIZATION  the header; empty for none
--   PATH           replaces the path of each line

local number = 0

function setup(thread)
  thread:set("thread_number", number)
  number = number + 1
end

function init(arguments)
  local threads = tonumber(arguments[2])
  local headers = { ["Host"] = wrk.headers["Host"], ["Content-Type"] = "application/json" }
  if arguments[3] ~= "" then
    headers["Authorization"] = arguments[3]
  end
  local all, mine = {}, {}
  for line in io.lines(arguments[1]) do
    all[#all + 1] = line
  end
  for i, line in ipairs(all) do
    if #all < threads or i % threads == thread_number then
      local method, path, body, header = line:match("^(%S+)\t(%S+)\t([^\t]*)\t(.*)$")
      local name, value = header:match("^([^:]+): (.*)$")
      local own = headers
      if name then
        own = {}
        for each, text in pairs(headers) do
          own[each] = text
        end
        own[name] = value
      end
      if method == "GET" then
        body = nil
      end
      mine[#mine + 1] = wrk.format(method, arguments[4] or path, own, body)
    end
  end
  requests, position = mine, 0
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"p999_us":%d,"status_errors":%d,"socket_errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
