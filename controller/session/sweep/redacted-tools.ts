import type { Json } from '../../api/json.ts';
import { withoutSplitItems } from '../../redaction/neighbours.ts';
import { redact } from '../../redaction/redact.ts';
import type { Tools } from '../../../skills/skill.ts';

/**
 * Tools whose answers have no secrets in their texts: what a probe cuts, puts together or makes a template of must not be half a secret.
 * Single values stay: that one has changed is told by comparing it, and whatever of them gets into the evidence is redacted there.
 */
export function redactedTools(tools: Tools): Tools {
  return { call: async (tool, args, signal) => redactTexts(await tools.call(tool, args, signal)) };
}

function redactTexts(answer: Json): Json {
  if (typeof answer === 'string') return isText(answer) ? redact(answer) : answer;
  // Redaction keeps the shape of what it goes through.
  if (Array.isArray(answer)) return (withoutSplitItems(answer) as readonly Json[]).map(redactTexts);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, redactTexts(value)]));
}

/** Several words, or more than a value has. */
function isText(value: string): boolean {
  return value.length > 256 || /\s/.test(value.trim());
}
