import type { CatalogueEntry } from '../actions/catalogue.ts';
import type { Json, JsonObject, JsonSchema } from '../api/json.ts';
import type { DeclaredSkill } from '../api/kinds.ts';
import type { DeclaredRemedy } from '../evidence/bundle.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import { schemaFault } from '../mcp/schema.ts';
import { parameterFault } from '../reasoning/parameters.ts';
import type { Skill } from '../../skills/skill.ts';
import { celWords, compileCel, type Expression } from '../cel/cel.ts';
import { probeWith, type CompiledFinding, type CompiledSeries } from './probe.ts';
import { compileTemplate, type Template } from './template.ts';

/** A skill that cannot be used, and why: each field of the resource that is wrong. */
export interface BrokenSkill {
  readonly problem: string;
  /** Each with its field, as `spec.findings[LagHigh].when`. */
  readonly faults?: readonly FieldFault[];
}

export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

const before: readonly string[] = ['with', 'window'];
const after: readonly string[] = ['with', 'window', 'output'];
const nothing: JsonSchema = { type: 'object', additionalProperties: false };

/** A skill like the operator's own, from a team's resource. */
export function compileSkill(
  resource: DeclaredSkill,
  actions: ReadonlyMap<string, CatalogueEntry>,
): Skill | BrokenSkill {
  const { spec, metadata } = resource;
  const id = metadata.name;
  const fields = new Fields();
  const parameters = fields.schema('spec.parameters', spec.parameters) ?? nothing;
  if (parameters['type'] !== 'object') fields.wrong('spec.parameters', 'is the schema of an object: type is missing');
  const output = fields.schema('spec.output', spec.output);
  const args = fields.template('spec.arguments', spec.arguments ?? {}, before);
  const findings = spec.findings.map((one) => findingOf(one, fields));
  const series = (spec.series ?? []).map((one) => seriesOf(one, fields));
  const remedies = (spec.remedies ?? []).map((one, index) => remedyOf(one, index, resource, actions, fields));
  if (fields.problem !== undefined) return { problem: fields.problem, faults: fields.faults };
  const server = spec.toolServerRef.name;
  return {
    id,
    title: spec.title ?? id,
    parameters,
    server,
    toolServer: server,
    tools: { read: [spec.tool], write: [] },
    identity: (given) => `${metadata.namespace}/${id} ${canonicalJson(given)}`,
    probe: probeWith({ id, server, tool: spec.tool, arguments: args, output, findings, series }),
    checks: [],
    actions: [],
    remedies: [],
    ...(remedies.length === 0 ? {} : { declaredRemedies: remedies }),
  };
}

type Spec = DeclaredSkill['spec'];

function findingOf(given: Spec['findings'][number], fields: Fields): CompiledFinding {
  const { kind, severity, unit } = given;
  const at = `spec.findings[${kind}]`;
  const optional = (name: 'since' | 'value' | 'threshold'): { readonly [key in typeof name]?: Expression } =>
    given[name] === undefined ? {} : { [name]: fields.cel(`${at}.${name}`, given[name], after) };
  return {
    kind,
    severity,
    when: fields.cel(`${at}.when`, given.when, after),
    summary: fields.template(`${at}.summary`, given.summary, after),
    ...optional('since'),
    ...optional('value'),
    ...optional('threshold'),
    ...(unit === undefined ? {} : { unit }),
  };
}

function seriesOf({ name, aspect, unit, points }: NonNullable<Spec['series']>[number], fields: Fields): CompiledSeries {
  return { name, aspect, unit, points: fields.cel(`spec.series[${name}].points`, points, after) };
}

function remedyOf(
  given: NonNullable<Spec['remedies']>[number],
  index: number,
  { metadata, spec }: DeclaredSkill,
  actions: ReadonlyMap<string, CatalogueEntry>,
  fields: Fields,
): DeclaredRemedy {
  const at = `spec.remedies[${index}]`;
  const { cause, forKinds, action, parameters = {}, rationale = `heals ${cause}` } = given;
  const entry = actions.get(action);
  const wrong = entry === undefined ? undefined : parameterFault(entry.action, parameters);
  if (entry === undefined) fields.wrong(`${at}.action`, `${action} is not in the catalogue`);
  if (wrong !== undefined) fields.wrong(`${at}.parameters`, wrong);
  const kinds = new Set(spec.findings.map(({ kind }) => kind));
  for (const kind of forKinds.filter((one) => !kinds.has(one))) {
    fields.wrong(`${at}.forKinds`, `${kind} is none of spec.findings`);
  }
  const own = (word: string): string => `${metadata.name}.${word}`;
  return {
    id: own(`${cause}-${action}`),
    cause: own(cause),
    forKinds: forKinds.map(own),
    action,
    parameters,
    rationale,
  };
}

/** Compiles field after field and remembers what is wrong with which. */
class Fields {
  readonly faults: FieldFault[] = [];

  get problem(): string | undefined {
    if (this.faults.length === 0) return undefined;
    const words = this.faults.slice(0, 5).map(({ field, message }) => `${field}: ${message}`);
    return words.join('; ').slice(0, 1500);
  }

  wrong(field: string, message: string): void {
    this.faults.push({ field, message });
  }

  cel(field: string, source: string, variables: readonly string[]): Expression {
    return this.#attempt(field, () => compileCel(source, variables)) ?? { source };
  }

  template(field: string, value: Json, variables: readonly string[]): Template {
    return this.#attempt(field, () => compileTemplate(value, variables)) ?? { expressions: [], fill: () => null };
  }

  schema(field: string, schema: JsonObject | undefined): JsonSchema | undefined {
    if (schema === undefined) return undefined;
    // An id would be remembered beyond this schema's life.
    const { $id: _id, ...rest } = schema;
    const fault = schemaFault(rest);
    if (fault !== undefined) this.wrong(field, fault);
    return rest;
  }

  #attempt<T>(field: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.wrong(field, celWords(error));
      return undefined;
    }
  }
}
