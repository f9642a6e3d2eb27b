export const usage = `Usage: threehops replay FILE [options]

Makes the diagnoses of stored evidence again by the embedded reasoner, offline,
and prints them. What the same reasoner answered then is compared: the exit code
is 1 when it differs. FILE is - for standard input, JSON or YAML, gzip or plain,
and one of

  a session's evidence   kubectl get evidences.threehops.dev -o json \\
                           --field-selector spec.sessionUID=UID
  an evidence bundle     without a memory, and with everything allowed everywhere
  a question             {bundle, memory, allowed}, with predictionSeconds and
                         diagnosis where it was answered
  a recording            {predictionSeconds, diagnoses: [QUESTION, ...]}

  -o, --output json|text   canonical JSON, a line a diagnosis (the default), or
                           for a person in 80 columns`;
