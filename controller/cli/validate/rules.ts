import { Environment } from '@marcbachmann/cel-js';
import { pointerWord } from '../../config/schema-faults.ts';
import type { Schema } from './schema.ts';

/** A rule of a CRD (`x-kubernetes-validations`) that an object breaks, or that this engine does not understand. */
export interface RuleFault {
  readonly verdict: 'Broken' | 'NotChecked';
  readonly pointer: string;
  readonly message: string;
}

interface Rule {
  readonly rule: string;
  readonly message?: string;
}

const environment = new Environment({ homogeneousAggregateLiterals: false });
environment.registerVariable('self', 'dyn');

/** Holds an object against all rules of its schema. Those that compare with what was before (`oldSelf`) are for changes alone. */
export function ruleFaults(schema: Schema, value: unknown, pointer = ''): readonly RuleFault[] {
  const rules = ((schema['x-kubernetes-validations'] as readonly Rule[] | undefined) ?? []).filter(
    ({ rule }) => !/\boldSelf\b/.test(rule),
  );
  const own = rules.flatMap((rule) => judged(rule, schema, value, pointer));
  return [
    ...own,
    ...childrenOf(schema, value).flatMap(([name, part, child]) =>
      ruleFaults(part, child, `${pointer}/${pointerWord(name)}`),
    ),
  ];
}

function judged({ rule, message }: Rule, schema: Schema, value: unknown, pointer: string): readonly RuleFault[] {
  try {
    const holds = environment.evaluate(rule, { self: typed(schema, value) }) as unknown;
    return holds === true ? [] : [{ verdict: 'Broken', pointer, message: message ?? `does not hold: ${rule}` }];
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    return [
      { verdict: 'NotChecked', pointer, message: `has a rule that only the API server can check (${rule}): ${why}` },
    ];
  }
}

function childrenOf(schema: Schema, value: unknown): readonly (readonly [string, Schema, unknown])[] {
  const { properties = {}, items, additionalProperties } = schema as Record<string, Schema | undefined>;
  if (Array.isArray(value)) return items === undefined ? [] : value.map((item, index) => [String(index), items, item]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const part = (properties[name] as Schema | undefined) ?? additionalProperties;
    return part === undefined ? [] : [[name, part, field] as const];
  });
}

/** Integers of the schema are CEL's int, which this engine tells from double as BigInt. */
function typed(schema: Schema, value: unknown): unknown {
  if (schema['type'] === 'integer' && Number.isInteger(value)) return BigInt(value as number);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = schema['items'] as Schema | undefined;
    return items === undefined ? value : value.map((item) => typed(items, item));
  }
  const known = new Map(childrenOf(schema, value).map(([name, part, field]) => [name, typed(part, field)]));
  return { ...value, ...Object.fromEntries(known) };
}
