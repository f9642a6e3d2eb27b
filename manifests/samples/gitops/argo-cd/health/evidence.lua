-- What was seen is there or it is not.
return { status = "Healthy", message = obj.spec.content }
