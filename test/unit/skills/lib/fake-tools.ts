import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { ToolFailed } from '../../../../controller/mcp/errors.ts';
import type { ActionContext, ProbeContext, SkillNode, Tools } from '../../../../skills/skill.ts';

type Answer = Json | Error;

/** Tools that answer from a table; a tool that is not in it fails with Http404, as a missing thing does. */
export function fakeTools(
  table: Readonly<Record<string, (args: JsonObject) => Answer | undefined>>,
): Tools & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    call(tool, args) {
      calls.push(tool);
      const answer = table[tool]?.(args);
      if (answer === undefined) return Promise.reject(failed(tool, 'Http404'));
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as Json);
    },
  };
}

export function failed(tool: string, code: string): ToolFailed {
  return new ToolFailed({ server: 'github', tool }, { code, reason: 'no' });
}

export const never = new AbortController().signal;

export function nodeWith(parameters: JsonObject): SkillNode {
  return { id: 'shop/code', name: 'code', type: 'code', with: parameters };
}

export const window = { from: new Date('2026-11-20T10:00:00Z'), to: new Date('2026-11-20T11:00:00Z') };

export function probeContext(tools: Tools, parameters: JsonObject): ProbeContext {
  const clock = { now: () => window.to, sleep: () => Promise.resolve() };
  return { node: nodeWith(parameters), tools, clock, window, signal: never };
}

export function actionContext(
  tools: Tools,
  parameters: JsonObject,
  files: Readonly<Record<string, string>>,
): ActionContext {
  const { node, clock, signal } = probeContext(tools, parameters);
  return { node, tools, clock, signal, manifestPaths: [], readFile: (path) => Promise.resolve(files[path]) };
}

/** A JSON string as it is; empty for anything else. */
export function str(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
