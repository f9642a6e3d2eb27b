import type { ContentBlock } from '@anthropic-ai/sdk/resources/messages';
import { redactJson } from '../../redaction/redact-json.ts';
import { redact, redactForms } from '../../redaction/redact.ts';
import { diagnoseName } from './diagnose-tool.ts';
import type { ModelAnswer } from './model-client.ts';

/**
 * An answer as it may be kept, shown and acted on. What a model was given is redacted; what it makes of it need not be: whoever writes to a
 * log can have it decode a secret that no rule knows as it stands there.
 */
export function withoutSecrets({ content, ...answer }: ModelAnswer): ModelAnswer {
  return { ...answer, content: content.flatMap(cleared) };
}

function cleared(block: ContentBlock): readonly ContentBlock[] {
  switch (block.type) {
    case 'text':
      return [{ ...block, text: redact(block.text) }];
    case 'tool_use':
      return [{ ...block, input: block.name === diagnoseName ? clearedDiagnosis(block.input) : byForm(block.input) }];
    case 'thinking':
      // It is signed: it goes back as it is or not at all.
      return redact(block.thinking) === block.thinking ? [block] : [];
    default:
      return [block];
  }
}

/** All of it is prose but for a fix's parameters, which are carried out. */
function clearedDiagnosis(input: unknown): unknown {
  const told = redactJson(input);
  const [asTold, asSaid] = [fixOf(told), fixOf(input)];
  if (asTold === undefined || asSaid === undefined) return told;
  return { ...(told as object), fix: { ...asTold, parameters: byForm(asSaid.parameters) } };
}

interface SomeFix {
  readonly parameters?: unknown;
}

/** The answer's shape is not checked yet. */
function fixOf(input: unknown): SomeFix | undefined {
  const { fix } = (typeof input === 'object' && input !== null ? input : {}) as { readonly fix?: unknown };
  return typeof fix === 'object' && fix !== null ? (fix as SomeFix) : undefined;
}

function byForm(value: unknown): unknown {
  if (typeof value === 'string') return redactForms(value);
  if (Array.isArray(value)) return value.map(byForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [redactForms(key), byForm(held)]));
}
