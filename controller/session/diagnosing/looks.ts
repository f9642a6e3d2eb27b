import type { Json, JsonObject, JsonSchema } from '../../api/json.ts';
import { ToolUnavailable } from '../../mcp/errors.ts';
import { schemaFault } from '../../mcp/schema.ts';
import { letsAct } from '../../topology/references.ts';
import { keyOf, type ProbeTarget, type ResolvedGraph } from '../../topology/resolved.ts';
import { objectOf, textsOf } from '../../../skills/lib/reading.ts';
import type { Skill } from '../../../skills/skill.ts';
import type { Dependencies, FurtherReads } from '../dependencies.ts';
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

/** Of the tools that maps' ToolServers list besides what skills ask for: more is more than a model reads. */
const mostFurther = 32;

/** The read tools of all nodes' skills, and of the ToolServers in their place, that the session may call with the maps' credentials. */
export async function looksFor(
  { session }: Snapshot,
  deps: Dependencies,
  resolved: ResolvedGraph,
  signal: AbortSignal,
): Promise<Looks> {
  const targets = lookedAt(resolved, session.metadata.namespace);
  const named = firstsBy(targets, ({ skill }) => skill).flatMap((target) =>
    target.skill.tools.read.map((tool): Offered => ({ target, tool })),
  );
  // Each map has ToolServers of its own.
  const further = furtherOf(
    firstsBy(targets, ({ skill, topology }) => `${skill.id}\n${keyOf(topology)}`),
    deps,
  );
  const asked = [...named, ...further.slice(0, mostFurther)];
  const answers = await Promise.all(asked.map(({ target, tool }) => lookOf(target, tool, deps, signal)));
  const looks = answers.filter((answer) => typeof answer !== 'string');
  return {
    looks: looks.filter(({ name }, index) => index === looks.findIndex((one) => one.name === name)),
    gaps: [
      ...answers.filter((answer) => typeof answer === 'string'),
      ...further.slice(mostFurther).map(({ tool }) => `${tool} is not offered: there are too many tools`),
    ],
  };
}

interface Offered {
  readonly target: ProbeTarget;
  readonly tool: string;
}

function firstsBy<T>(all: readonly T[], key: (one: T) => unknown): readonly T[] {
  return [...Map.groupBy(all, key).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
}

/** Each tool of a ToolServer once, however many skills it serves, and none that a skill itself asks for. */
function furtherOf(targets: readonly ProbeTarget[], deps: Dependencies): readonly Offered[] {
  const served = targets.map((target) => ({ target, ...furtherReads(target, deps) }));
  const keyOfTool = (server: string, tool: string): string => `${server}\n${tool}`;
  const named = new Set(
    served.flatMap(({ server, target }) => target.skill.tools.read.map((tool) => keyOfTool(server, tool))),
  );
  const offered = served.flatMap(({ server, target, tools }) => tools.map((tool) => ({ server, target, tool })));
  const others = offered.filter(({ server, tool }) => !named.has(keyOfTool(server, tool)));
  return firstsBy(others, ({ server, tool }) => keyOfTool(server, tool));
}

/** Where its ToolServer is not there, each of the skill's own tools says so. */
function furtherReads(target: ProbeTarget, { tools }: Dependencies): FurtherReads {
  try {
    return tools.furtherReads(useOf(target));
  } catch (error) {
    if (error instanceof ToolUnavailable) return { server: '', tools: [] };
    throw error;
  }
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
