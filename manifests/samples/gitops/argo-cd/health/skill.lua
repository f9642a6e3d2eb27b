-- A skill is healthy when nodes can name it, and degraded when a field of it or its server is wrong.
local status = obj.status or {}
if status.observedGeneration == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "Not seen by the operator yet" }
end
local said = {}
for _, condition in ipairs(status.conditions or {}) do
  if condition.status == "True" or condition.type == "Ready" then
    said[condition.type] = condition
  end
end
if said.Stalled ~= nil then
  return { status = "Degraded", message = said.Stalled.reason .. ": " .. said.Stalled.message }
end
local ready = said.Ready
if ready ~= nil and ready.status == "True" then
  return { status = "Healthy", message = ready.message }
end
return { status = "Progressing", message = ready ~= nil and ready.message or "" }
