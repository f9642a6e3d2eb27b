-- A map is healthy when all of its nodes can be looked at, and degraded when one cannot. How the services are is not its health:
-- see status.nodes. Drift is told beside it and changes nothing.
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
  return { status = "Degraded", message = said.Stalled.message }
end
local ready = said.Ready
if ready ~= nil and ready.status == "True" then
  local message = ready.message
  if said.Drifted ~= nil then
    message = message .. "; " .. said.Drifted.message
  end
  return { status = "Healthy", message = message }
end
return { status = "Progressing", message = ready ~= nil and ready.message or "" }
