import type { ToolCaller } from './client.ts';
import { ToolRefused } from './errors.ts';

/** The part of a server's tools that one skill may call. Anything else is refused and never sent. */
export function restrictTools(tools: ToolCaller, serverId: string, allowed: readonly string[]): ToolCaller {
  const names = new Set(allowed);
  return {
    async call(tool, args, signal) {
      if (!names.has(tool)) {
        throw new ToolRefused({ server: serverId, tool }, 'the skill does not list this tool');
      }
      return tools.call(tool, args, signal);
    },
  };
}
