import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolError } from '../../../controller/mcp/errors.ts';
import { contentVersion } from '../../lib/content-version.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf } from '../../lib/reading.ts';
import { round } from '../../lib/statistics.ts';
import type { ActionContext, ActionType, Occurrence, RenderedAction, Settlement } from '../../skill.ts';
import { addressOf, postgresIdentity } from '../address.ts';
import { planOf } from '../plan.ts';
import { indexOn, readIndex, readShapes, type TableShape } from '../tables.ts';
import { createIndexId, createIndexTool, dropIndexTool, type IndexPlan, indexPlan, toJson } from './index-plan.ts';

const name = { type: 'string', minLength: 1, maxLength: 63 };

/**
 * A B-tree index that a table lacks, built while writes go on. A change of the schema, so that a person always decides. Its name makes it
 * recognisable: to ask for it twice is to have it once.
 */
export const createIndex: ActionType = {
  id: createIndexId,
  title: 'Create an index on a table',
  class: 'Infra',
  risk: 'High',
  gate: 'SchemaChange',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['schema', 'table', 'columns'],
    properties: {
      schema: name,
      table: name,
      columns: { type: 'array', minItems: 1, maxItems: 4, uniqueItems: true, items: name },
    },
  },
  idempotency: 'Natural',
  direction: (parameters) => {
    const { schema, table, columns } = indexPlan(parameters);
    return `index:${JSON.stringify([schema, table, ...columns])}`;
  },
  render,
  execute,
  probe,
  unchanged: async (context, { frozen, target }) => (await live(context, indexPlan(frozen))).version === target.version,
  settled,
  rollback: (frozen, evidence) => ({ ...frozen, drop: numberOf(evidence['oid']) ?? 0 }),
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const plan = indexPlan(parameters);
  const { shape, version } = await live(context, plan);
  return {
    diff: await describe(context, plan, shape),
    target: { identity: postgresIdentity(context.node.with) ?? context.node.id, version },
    frozen: toJson(plan),
    edits: [],
  };
}

/**
 * The table as it is, while the index can be made and is not there.
 * @throws PlanRefused `NoSuchTable`, `NoSuchColumn`, `IndexThere`, `NameTaken`
 */
async function live(
  context: ActionContext,
  { schema, table, columns, name: wanted }: IndexPlan,
): Promise<{ readonly shape: TableShape; readonly version: string }> {
  const shape = (await readShapes(context, [table])).find((one) => one.schema === schema);
  if (shape === undefined) throw new PlanRefused('NoSuchTable', `there is no table ${schema}.${table}`);
  const missing = columns.find((column) => !shape.columns.has(column));
  if (missing !== undefined) throw new PlanRefused('NoSuchColumn', `${schema}.${table} has no column ${missing}`);
  const there = indexOn(shape, columns);
  if (there !== undefined) throw new PlanRefused('IndexThere', `${there.name} begins with these columns`);
  const known = await readIndex(context, schema, wanted);
  if (known?.valid === true) throw new PlanRefused('NameTaken', `another index of ${known.table} is called ${wanted}`);
  const indexes = shape.indexes.map((index) => [index.name, JSON.stringify(index.columns)] as const);
  return { shape, version: contentVersion([['columns', JSON.stringify([...shape.columns])], ...indexes]) };
}

async function describe(context: ActionContext, plan: IndexPlan, shape: TableShape): Promise<string> {
  const { schema, table, columns, name: wanted } = plan;
  const others = shape.indexes.map((index) => index.name).join(', ');
  return [
    `table ${schema}.${table}: about ${Math.round(shape.rows)} rows, ${round(shape.bytes / 1024 ** 2, 0)} MiB; its indexes: ${others || 'none'}`,
    `- to find rows by ${columns.join(', ')}: ${await planNow(context, plan)}`,
    `+ create index concurrently ${wanted} on ${schema}.${table} (${columns.join(', ')})`,
    '  built while reads and writes go on; each write has one more index to keep from then on',
  ].join('\n');
}

/** What the planner would do without it, by EXPLAIN. Not seeing that hinders nobody. */
async function planNow(context: ActionContext, { schema, table, columns }: IndexPlan): Promise<string> {
  const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
  const where = columns.map((column, at) => `${quoted(column)} = $${at + 1}`).join(' and ');
  try {
    const plan = await planOf(context, `select 1 from ${quoted(schema)}.${quoted(table)} where ${where}`);
    const lines = plan.split('\n').map((line) => line.trim());
    return lines.find((line) => line.includes('Scan')) ?? lines[0] ?? '';
  } catch (error) {
    if (error instanceof ToolError) return `the plan may not be read (${error.message.slice(0, 200)})`;
    throw error;
  }
}

async function execute(context: ActionContext, frozen: JsonObject): Promise<JsonObject> {
  const { drop, ...plan } = indexPlan(frozen);
  const address = addressOf(context.node.with);
  const connection = Object.keys(address).length === 0 ? {} : { connection: address };
  const { schema, name: named } = plan;
  if (drop !== undefined) {
    return (await context.tools.call(
      dropIndexTool,
      { schema, name: named, oid: drop, ...connection },
      context.signal,
    )) as JsonObject;
  }
  const answer = await context.tools.call(createIndexTool, { ...toJson(plan), ...connection }, context.signal);
  const made = await readIndex(context, schema, named);
  return { ...(answer as JsonObject), oid: made?.oid ?? null };
}

/** One that is being built is on its way: `settled` waits for it. What a failed build left is none. */
async function probe(context: ActionContext, frozen: JsonObject): Promise<Occurrence> {
  const plan = indexPlan(frozen);
  const index = await readIndex(context, plan.schema, plan.name);
  if (plan.drop !== undefined) {
    return index?.oid === plan.drop ? { verdict: 'Absent', evidence: {} } : { verdict: 'Happened', evidence: {} };
  }
  const there = index !== undefined && (index.valid || index.building);
  return there ? { verdict: 'Happened', evidence: { oid: index.oid } } : { verdict: 'Absent', evidence: {} };
}

async function settled(context: ActionContext, frozen: JsonObject): Promise<Settlement> {
  const { schema, name: named, drop } = indexPlan(frozen);
  const index = await readIndex(context, schema, named);
  if (drop !== undefined) {
    return index?.oid === drop
      ? { state: 'Progressing', summary: `${named} is still there` }
      : { state: 'Settled', summary: `${named} is gone` };
  }
  if (index?.valid === true) return { state: 'Settled', summary: `${named} is built and in use` };
  if (index?.building === true) return { state: 'Progressing', summary: `${named} is being built` };
  return { state: 'Failed', summary: `${named} could not be built` };
}
