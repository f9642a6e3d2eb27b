import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { expect } from 'vitest';
import { ToolUnavailable } from '../../../controller/mcp/errors.ts';
import type { Tools } from '../../../skills/skill.ts';
import type { HarnessTools } from '../../helpers/tool-harness.ts';

/** How anything leaves a process, by Node's names for its handles. */
const ways = new Set(['TCPCONNECTWRAP', 'PIPECONNECTWRAP', 'UDPSENDWRAP', 'PROCESSWRAP']);

/** Where a skill is looking by itself: the ways out that it took. */
const alone = new AsyncLocalStorage<string[] | undefined>();
createHook({
  init(_id, type) {
    if (ways.has(type)) alone.getStore()?.push(type);
  },
}).enable();

/**
 * Lets a skill look through the tools of a server, and holds each call that it makes against the `tools/call` messages that went over
 * the transport: nothing goes round MCP. What it opens itself, outside of any call, is seen as well; only a connection that somebody
 * else had opened for it would not be. A tool that the server does not offer is not sent for.
 */
export async function overMcp<T>(tools: HarnessTools, look: (tools: Tools) => Promise<T>): Promise<T> {
  const before = tools.calls.length;
  const made: string[] = [];
  const counted: Tools = {
    async call(tool, args, signal) {
      made.push(tool);
      try {
        // A server in this process has connections of its own.
        return await alone.run(undefined, () => tools.call(tool, args, signal));
      } catch (error) {
        if (error instanceof ToolUnavailable) made.splice(made.indexOf(tool), 1);
        throw error;
      }
    },
  };
  const gone: string[] = [];
  const answer = await alone.run(gone, () => look(counted));
  expect(gone).toEqual([]);
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
