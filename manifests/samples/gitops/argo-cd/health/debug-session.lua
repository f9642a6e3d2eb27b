-- Suspended is what waits for a person: an Approval, or spec.suspend. An escalated session and one that has failed are degraded.
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
  return { status = "Healthy", message = ready.reason .. ": " .. ready.message }
end
local message = status.phase or "Pending"
if ready ~= nil then
  message = message .. ": " .. ready.message
end
if status.phase == "AwaitingApproval" or obj.spec.suspend then
  return { status = "Suspended", message = message }
end
return { status = "Progressing", message = message }
