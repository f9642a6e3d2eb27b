-- Suspended is what waits for a decision, or for the operator to use it.
local status = obj.status or {}
if status.state == "Consumed" then
  return { status = "Healthy", message = "Decided: " .. (obj.spec.decision or "") }
end
if status.state == "Withdrawn" or status.state == "Expired" then
  return { status = "Degraded", message = status.state }
end
return { status = "Suspended", message = "Waits for a person: " .. obj.spec.gate }
