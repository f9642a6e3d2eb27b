import type { ModelAnswer, ModelClient } from '../../../controller/reasoning/claude/model-client.ts';
import { refusalOf } from '../messages-api/refusals.ts';
import { tokensOf } from '../messages-api/usage.ts';
import { partsOf, type Script, type WireRequest } from '../messages-api/wire.ts';

const apiKey = 'in-process';
const headers = { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };

/** The Messages API's stand-in without its socket: the same script, and what the API would refuse fails the test. */
export function scriptClient(script: Script, asked: WireRequest[]): ModelClient {
  const length = (request: WireRequest): number => partsOf(request).reduce((sum, part) => sum + tokensOf(part), 0);
  return {
    countTokens: async (request) => length(request),
    async send(request) {
      const refusal = refusalOf(request, headers, { apiKey, models: [request.model] }, false);
      if (refusal !== undefined) throw new Error(refusal.message);
      asked.push(structuredClone(request));
      const answer = await script(request, asked.length);
      if ('status' in answer) throw new Error(answer.type);
      const called = answer.content.some(({ type }) => type === 'tool_use');
      const usage = { input_tokens: length(request), output_tokens: tokensOf(answer.content) };
      // What the client reads of an answer.
      return { content: answer.content, stop_reason: called ? 'tool_use' : 'end_turn', usage } as ModelAnswer;
    },
  };
}
