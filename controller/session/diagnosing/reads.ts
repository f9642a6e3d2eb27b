import type { JsonObject } from '../../api/json.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import type { ReadTool } from '../../reasoning/desk.ts';
import { redact } from '../../redaction/redact.ts';
import { redactJson } from '../../redaction/redact-json.ts';
import type { ResolvedGraph } from '../../topology/resolved.ts';
import { objectOf, textOf } from '../../../skills/lib/reading.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { reasonOf } from '../sweep/probe-node.ts';
import { lookedAt, useOf, type Look } from './looks.ts';

/** Characters of an answer: a model is to ask for less, not to be shown more. */
const most = 8000;

/** The tools behind the looks that a model is offered. */
export function readsOf(
  { session }: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  looks: readonly Look[],
): readonly ReadTool[] {
  const targets = lookedAt(resolved, session.metadata.namespace);
  const answer = async (look: Look, input: JsonObject, signal: AbortSignal): Promise<string> => {
    const target = targets.find(({ node, skill }) => node === textOf(input['node']) && skill.id === look.skill);
    if (target === undefined) return 'there is no such node for this tool';
    try {
      const place = Object.entries(target.skill.place?.(target.with) ?? {});
      const args = { ...objectOf(input['arguments']), ...valuesOf(place, look.placed) };
      const tools = deps.tools.toolsFor(session, useOf(target));
      return shortened(canonicalJson(redactJson(await tools.call(look.tool, args, signal))));
    } catch (error) {
      signal.throwIfAborted();
      return redact(reasonOf(error));
    }
  };
  return looks.map((look) => ({
    name: look.name,
    description: look.description,
    input: look.input,
    call: (input, signal) => answer(look, input, signal),
  }));
}

function valuesOf(place: readonly (readonly [string, JsonObject[string] | undefined])[], placed: readonly string[]) {
  const known = place.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(known.filter(([name]) => placed.includes(name)));
}

function shortened(text: string): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n(${text.length - most} more characters were left out)`;
}
