import type { ContentBlockParam, ToolResultBlockParam, ToolUseBlock } from '@anthropic-ai/sdk/resources/messages';
import type { JsonObject } from '../../api/json.ts';
import { foreignCheckOf } from '../../mcp/schema.ts';
import { diagnoseName } from './diagnose-tool.ts';
import type { Inquiry } from './inquiry.ts';
import { objectionsToAnswer } from './judge.ts';
import type { ModelAnswer } from './model-client.ts';
import { fenced } from './prompt/fence.ts';

/** What goes back to the model for an answer, and what became of the answer. Plain JSON, kept in the ledger. */
export interface Reply {
  readonly content: readonly ContentBlockParam[];
  /** Read tools that were called. */
  readonly calls: number;
  /** Of a try at the diagnosis; empty when it is accepted. Absent where there was none. */
  readonly objections?: readonly string[];
}

export interface Allowance {
  /** Calls of read tools that are left. */
  readonly calls: number;
  /** Whether nothing but a diagnosis is taken. */
  readonly final: boolean;
}

/** All calls of an answer are carried out at once; their results go back in the answer's order. */
export async function replyTo(
  answer: ModelAnswer,
  allowance: Allowance,
  inquiry: Inquiry,
  signal: AbortSignal,
): Promise<Reply> {
  const uses = answer.content.filter((block) => block.type === 'tool_use');
  const diagnosis = uses.find(({ name }) => name === diagnoseName);
  const looks = uses.filter(({ name }) => name !== diagnoseName);
  const made = allowance.final ? [] : looks.slice(0, allowance.calls);
  const [objections, results] = await Promise.all([
    diagnosis === undefined ? undefined : objectionsToAnswer(diagnosis.input, inquiry, signal),
    Promise.all(made.map(async (use) => [use.id, await lookedAt(use, inquiry, signal)] as const)),
  ]);
  const known = new Map(results);
  const content = uses.map(
    (use) =>
      known.get(use.id) ?? failed(use, use === diagnosis ? told(objections ?? []) : refusal(use.name === diagnoseName)),
  );
  const calls = made.length;
  if (objections !== undefined) return { content, calls, objections };
  const missing = 'no diagnosis was given';
  const due = uses.length === 0 || allowance.final;
  return due ? { content: [...content, note(missing)], calls, objections: [missing] } : { content, calls };
}

function refusal(again: boolean): string {
  return again ? 'One diagnosis an answer.' : 'No more looks: answer with the diagnosis.';
}

function told(objections: readonly string[]): string {
  return `The diagnosis is not accepted:\n${fenced('objections', objections.map((one) => `- ${one}`).join('\n'))}`;
}

export function note(why: string): ContentBlockParam {
  return { type: 'text', text: `Not accepted: ${why}. Call ${diagnoseName}.` };
}

function failed({ id }: ToolUseBlock, content: string): ToolResultBlockParam {
  return { type: 'tool_result', tool_use_id: id, is_error: true, content };
}

async function lookedAt(use: ToolUseBlock, { desk }: Inquiry, signal: AbortSignal): Promise<ToolResultBlockParam> {
  const tool = desk.reads.find(({ name }) => name === use.name);
  if (tool === undefined) return failed(use, 'There is no such tool.');
  if (!isObject(use.input)) return failed(use, 'Its input is no object.');
  const fault = foreignCheckOf(tool.input)(use.input);
  if (fault !== undefined) return failed(use, `Its input does not hold:\n${fenced('fault', fault)}`);
  try {
    const text = await tool.call(use.input, signal);
    return { type: 'tool_result', tool_use_id: use.id, content: fenced(`result of ${tool.name}`, text) };
  } catch (error) {
    signal.throwIfAborted();
    return failed(use, `It could not be called: ${error instanceof Error ? error.name : 'failed'}`);
  }
}

function isObject(input: unknown): input is JsonObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}
