import { expect } from 'vitest';
import { ToolUnavailable } from '../../../controller/mcp/errors.ts';
import type { Tools } from '../../../skills/skill.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';

/**
 * Lets a skill look through the tools of a server, and holds each call that it makes against the `tools/call` messages that went over
 * the transport: nothing goes round MCP. A tool that the server does not offer is not sent for.
 */
export async function overMcp<T>(tools: HarnessTools, look: (tools: Tools) => Promise<T>): Promise<T> {
  const before = tools.calls.length;
  const made: string[] = [];
  const answer = await look({
    async call(tool, args, signal) {
      made.push(tool);
      try {
        return await tools.call(tool, args, signal);
      } catch (error) {
        if (error instanceof ToolUnavailable) made.splice(made.indexOf(tool), 1);
        throw error;
      }
    },
  });
  expect(made.length).toBeGreaterThan(0);
  expect(tools.calls.slice(before).toSorted()).toEqual(made.toSorted());
  return answer;
}

/** The tools of two servers as one: those that are named go to the first, all others to the second. Both count into the same list. */
export function routed(names: readonly string[], to: HarnessTools, others: HarnessTools): HarnessTools {
  const close = async (): Promise<void> => void (await Promise.all([to.close(), others.close()]));
  return {
    calls: to.calls,
    call: (tool, args, signal) => (names.includes(tool) ? to : others).call(tool, args, signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}
