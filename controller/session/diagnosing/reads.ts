import type { JsonObject, JsonSchema } from '../../api/json.ts';
import type { ReadTool } from '../../reasoning/desk.ts';
import { canonicalJson } from '../../evidence/canonical.ts';
import { redact } from '../../redaction/redact.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import { objectOf, textOf } from '../../../skills/lib/reading.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { reasonOf } from '../sweep/probe-node.ts';

/** Characters of an answer: a model is to ask for less, not to be shown more. */
const most = 8000;

/** One tool of a skill and the nodes of this graph that it can be asked about. */
interface Offer {
  readonly skill: ProbeTarget['skill'];
  readonly tool: string;
  readonly targets: ReadonlyMap<string, ProbeTarget>;
}

/** The read tools of all nodes' skills. A server that cannot be reached offers none. */
export async function readsFor(
  { session }: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<readonly ReadTool[]> {
  const offered = offersOf(resolved).map(async ({ skill, tool, targets }): Promise<readonly ReadTool[]> => {
    const [target] = targets.values();
    if (target === undefined) return [];
    const definition = await deps.tools.definitionOf(useOf(target), tool, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (definition === undefined) return [];
    const read: ReadTool = {
      name: `${skill.id}__${tool}`.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64),
      description: `${definition.description} (${skill.title})`,
      input: inputOf([...targets.keys()], definition.input),
      call: (input, aborted) => answerOf({ session, deps, targets, tool }, input, aborted),
    };
    return [read];
  });
  const reads = (await Promise.all(offered)).flat();
  return reads.filter(({ name }, index) => index === reads.findIndex((one) => one.name === name));
}

function offersOf({ targets }: ResolvedGraph): readonly Offer[] {
  const skills = new Map(targets.map(({ skill }) => [skill.id, skill]));
  return [...skills.values()].flatMap((skill) => {
    const own = new Map(targets.filter((target) => target.skill.id === skill.id).map((one) => [one.node, one]));
    return skill.tools.read.map((tool) => ({ skill, tool, targets: own }));
  });
}

function useOf({ skill, topology }: ProbeTarget) {
  return { skill, access: 'Read', topology: keyOf(topology), shareable: true } as const;
}

/** The node says with whose credentials and at which server it is asked. */
function inputOf(nodes: readonly string[], args: JsonSchema): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['node', 'arguments'],
    properties: { node: { type: 'string', enum: nodes }, arguments: args },
  };
}

interface Asked extends Pick<Offer, 'targets' | 'tool'> {
  readonly session: Snapshot['session'];
  readonly deps: Dependencies;
}

async function answerOf({ session, deps, targets, tool }: Asked, input: JsonObject, signal: AbortSignal) {
  const target = targets.get(textOf(input['node']) ?? '');
  if (target === undefined) return 'there is no such node for this tool';
  try {
    const answer = await deps.tools.toolsFor(session, useOf(target)).call(tool, objectOf(input['arguments']), signal);
    return shortened(redact(canonicalJson(answer)));
  } catch (error) {
    signal.throwIfAborted();
    return redact(reasonOf(error));
  }
}

function shortened(text: string): string {
  return text.length <= most ? text : `${text.slice(0, most)}\n(${text.length - most} more characters were left out)`;
}
