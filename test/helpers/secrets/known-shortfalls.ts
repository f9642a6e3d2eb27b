/**
 * How many of the planted secrets come out by a way at most, as measured; none by a way that is not named. docs/redaction.md says of which
 * kinds they are. To be lowered when less comes out.
 */
export const ceilings: Readonly<Record<string, number>> = {
  base64: 1,
  'base64 for URLs': 1,
  'base64 over lines': 1,
  'base64 in JSON': 1,
  'base64 of an environment file': 1,
  'partial lines of a container log': 11,
  'JSON lines of a container log': 13,
  'broken line': 11,
  'continued line': 13,
  'cut at the end': 20,
  'cut with dots': 25,
  'log: error': 1,
  'log: name of an error': 1,
  'log: errors together': 1,
  'tool: a failure with a code': 8,
  'tool: what does not fit': 9,
  'evidence: bundle': 4,
  'evidence: plan': 2,
  status: 2,
  Approvals: 1,
  'stored Evidence': 4,
  'progress stream': 1,
  prompts: 4,
};
