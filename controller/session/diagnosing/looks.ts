import type { Json, JsonObject, JsonSchema } from '../../api/json.ts';
import { schemaFault } from '../../mcp/schema.ts';
import { letsAct } from '../../topology/references.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import { objectOf, textsOf } from '../../../skills/lib/reading.ts';
import type { Skill } from '../../../skills/skill.ts';
import type { Dependencies } from '../dependencies.ts';
import type { Snapshot } from '../snapshot.ts';
import { reasonOf } from '../sweep/probe-node.ts';

/** A read tool as a model is offered it. Plain JSON: it is offered by the same words after a crash. */
export interface Look {
  readonly name: string;
  readonly skill: string;
  readonly tool: string;
  readonly description: string;
  readonly input: JsonSchema;
  /** Arguments that the map fills in. */
  readonly placed: readonly string[];
}

export interface Looks {
  readonly looks: readonly Look[];
  /** Tools that cannot be offered, and why. */
  readonly gaps: readonly string[];
}

/** The read tools of the skills of all nodes that the session may look at with their maps' credentials. */
export async function looksFor(
  { session }: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<Looks> {
  const bySkill = Map.groupBy(lookedAt(resolved, session.metadata.namespace), ({ skill }) => skill);
  const asked = [...bySkill].flatMap(([skill, [target]]) =>
    target === undefined ? [] : skill.tools.read.map((tool) => lookOf(target, tool, deps, signal)),
  );
  const answers = await Promise.all(asked);
  const looks = answers.filter((answer) => typeof answer !== 'string');
  return {
    looks: looks.filter(({ name }, index) => index === looks.findIndex((one) => one.name === name)),
    gaps: answers.filter((answer) => typeof answer === 'string'),
  };
}

/** What another namespace's map shares is what was seen there, unless it lets this one act: its credentials are not for asking at will. */
export function lookedAt({ targets }: ResolvedGraph, namespace: string): readonly ProbeTarget[] {
  return targets.filter(({ topology }) => letsAct(topology, namespace));
}

export function useOf({ skill, topology }: ProbeTarget) {
  return { skill, access: 'Read', topology: keyOf(topology), shareable: true } as const;
}

async function lookOf(
  target: ProbeTarget,
  tool: string,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<Look | string> {
  const { skill } = target;
  try {
    const { description, input } = await deps.tools.definitionOf(useOf(target), tool, signal);
    const placed = placedIn(input, skill.place?.(target.with) ?? {});
    const look: Look = {
      name: `${skill.id}__${tool}`.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64),
      skill: skill.id,
      tool,
      description: `${description} (${titleOf(skill)})`,
      input: inputOf(skill, without(input, placed)),
      placed,
    };
    const fault = schemaFault(look.input);
    return fault === undefined ? look : `${look.name} is not offered: ${fault}`;
  } catch (error) {
    signal.throwIfAborted();
    return `${skill.id}: ${tool} is not offered: ${reasonOf(error)}`;
  }
}

/** Of a skill that a team declared only its name: what its resource says of it is data. */
function titleOf({ id, title, toolServer }: Skill): string {
  return toolServer === undefined ? title : id;
}

function placedIn(input: JsonSchema, place: Readonly<Record<string, Json | undefined>>): readonly string[] {
  return Object.keys(place).filter((name) => Object.hasOwn(propertiesOf(input), name));
}

function propertiesOf(schema: JsonSchema): JsonObject {
  return objectOf(schema['properties'] as Json | undefined);
}

function without(schema: JsonSchema, placed: readonly string[]): JsonSchema {
  const properties = Object.entries(propertiesOf(schema)).filter(([name]) => !placed.includes(name));
  const required = textsOf(schema['required'] as Json | undefined).filter((name) => !placed.includes(name));
  return { ...schema, properties: Object.fromEntries(properties), required };
}

/** The node says with whose credentials and at which server it is asked. What the arguments refer to is looked for at the root. */
function inputOf({ id }: Skill, { $defs, definitions, ...args }: JsonSchema): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['node', 'arguments'],
    properties: { node: { type: 'string', description: `The id of a node with the skill ${id}.` }, arguments: args },
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  };
}
