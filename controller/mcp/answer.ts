import type { Json, JsonSchema } from '../api/json.ts';
import {
  type ToolAddress,
  ToolAnswerInvalid,
  ToolAnswerTooLarge,
  type ToolError,
  ToolFailed,
  type ToolOutcome,
} from './errors.ts';
import { failureText } from './failure-text.ts';
import { checkOf, foreignCheckOf } from './schema.ts';
import type { KnownTool } from './tool-list.ts';
import { answerBytes, decodeFailure, readingsOf, serverCodes, type WireResult } from './wire.ts';

/** Of a `tools/call` result only what this client reads; other content kinds pass and count as empty text. */
const resultSchema: JsonSchema = {
  type: 'object',
  properties: {
    content: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type'],
        properties: { type: { type: 'string' }, text: { type: 'string' } },
      },
    },
    structuredContent: { type: 'object' },
    isError: { type: 'boolean' },
    _meta: { type: 'object' },
  },
};

/**
 * The answer of a `tools/call` as JSON that fits the tool's output schema.
 * @throws ToolAnswerInvalid, ToolAnswerTooLarge, ToolFailed.
 */
export function readAnswer(address: ToolAddress, tool: KnownTool, raw: unknown, maxBytes: number): Json {
  const outcome: ToolOutcome = tool.access === 'Write' ? 'Unknown' : 'NotDone';
  const misshapen = checkOf(resultSchema)(raw);
  if (misshapen !== undefined) throw new ToolAnswerInvalid(address, `no tool result: ${misshapen}`, { outcome });
  const result = { content: [], ...(raw as object) } as WireResult;
  if (result.isError === true) throw failureOf(address, result, outcome);
  const bytes = answerBytes(result);
  if (bytes > maxBytes) {
    throw new ToolAnswerTooLarge(address, `answered ${bytes} bytes, more than ${maxBytes}`, { outcome });
  }
  const check = tool.output === undefined ? undefined : (tool.foreign ? foreignCheckOf : checkOf)(tool.output);
  const readings = readingsOf(result);
  const wrong = readings.map((reading) => check?.(reading));
  const fits = wrong.indexOf(undefined);
  if (fits < 0) throw new ToolAnswerInvalid(address, `answer: ${failureText(wrong[0] ?? '')}`, { outcome });
  return readings[fits] ?? null;
}

function failureOf(address: ToolAddress, result: WireResult, whenUnsaid: ToolOutcome): ToolError {
  const failure = decodeFailure(result);
  const outcome = failure.outcome ?? whenUnsaid;
  const reason = failureText(failure.message);
  if (failure.code === serverCodes.answerTooLarge) return new ToolAnswerTooLarge(address, reason, { outcome });
  if (failure.code === serverCodes.invalidAnswer) return new ToolAnswerInvalid(address, reason, { outcome });
  return new ToolFailed(address, { code: failureText(failure.code), reason }, { outcome });
}
