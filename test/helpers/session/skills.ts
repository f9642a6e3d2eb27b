import type { Json, JsonObject } from '../../../controller/api/json.ts';
import type { Finding } from '../../../controller/evidence/finding.ts';
import { PlanRefused } from '../../../skills/lib/plan-refused.ts';
import { configuredPeers, withPeers } from '../../../skills/lib/peers.ts';
import { listOf, objectOf } from '../../../skills/lib/reading.ts';
import type { ActionType, Check, ProbeContext, Skill } from '../../../skills/skill.ts';

type Environment = Readonly<Record<string, string>>;

/** Skills over the shop's tools: `look` and `read` tell, `resize` and `restart` do. */

const word = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

async function look({ node, tools, signal }: ProbeContext): Promise<readonly Json[]> {
  return listOf(await tools.call('look', { node: node.name }, signal));
}

async function findingsOf(context: ProbeContext): Promise<readonly Finding[]> {
  return findingsIn(await look(context), context);
}

function findingsIn(seen: readonly Json[], { node, clock }: ProbeContext): readonly Finding[] {
  return seen.map((item) => {
    const { reason, severity, summary } = objectOf(item);
    return {
      id: `${node.id}:${word(reason)}`,
      node: node.id,
      kind: `shop.${word(reason)}`,
      severity: severity as Finding['severity'],
      summary: word(summary),
      since: clock.now().toISOString(),
      source: 'look',
      // What its code fixes change.
      facts: { path: 'config.json' },
    };
  });
}

/** The node's own verifier: no critical finding. */
const errorFree: Check = {
  name: 'errors',
  async run(context) {
    const critical = (await findingsOf(context)).filter(({ severity }) => severity === 'Critical');
    const verdict = critical.length === 0 ? 'Pass' : 'Fail';
    const summary = critical.length === 0 ? 'no errors' : critical.map((finding) => finding.summary).join(', ');
    return { name: 'errors', node: context.node.id, verdict, summary };
  },
};

const resize: ActionType = {
  id: 'shop.resize',
  title: 'Give it more memory',
  class: 'Infra',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['memory'],
    properties: { memory: { type: 'integer', minimum: 1, maximum: 8192 } },
  },
  idempotency: 'Keyed',
  direction: () => 'memory:increase',
  async render(context, { memory }) {
    const { node, tools, signal, manifestPaths } = context;
    const live = objectOf(await tools.call('read', {}, signal));
    const edits = [];
    for (const path of manifestPaths) {
      const text = await context.readFile(path);
      if (text !== undefined) edits.push({ path, content: JSON.stringify({ ...objectOf(JSON.parse(text)), memory }) });
    }
    return {
      diff: `-memory: ${word(live['memory'])}\n+memory: ${word(memory)}`,
      target: { identity: `compute:${node.name}`, version: word(live['version']) },
      frozen: { memory: memory ?? 0, was: live['memory'] ?? 0 },
      edits,
    };
  },
  async execute({ tools, signal }, frozen, key) {
    return objectOf(await tools.call('resize', { memory: frozen['memory'] ?? 0, key }, signal));
  },
  async probe({ tools, signal }, _frozen, key) {
    const done = objectOf(await tools.call('find', { key }, signal));
    return done['found'] === true
      ? { verdict: 'Happened', evidence: objectOf(done['evidence']) }
      : { verdict: 'Absent', evidence: {} };
  },
  async unchanged({ tools, signal }, { target }) {
    const { version } = objectOf(await tools.call('read', {}, signal));
    return word(version) === target.version;
  },
  async settled({ tools, signal }, frozen) {
    const live = objectOf(await tools.call('read', {}, signal));
    const there = live['memory'] === frozen['memory'];
    return { state: there ? 'Settled' : 'Progressing', summary: `memory ${word(live['memory'])}` };
  },
  rollback: (frozen): JsonObject => ({ memory: frozen['was'] ?? 0, was: frozen['memory'] ?? 0 }),
};

/** Nothing makes a restart recognisable afterwards, and nothing takes it back. */
const restart: ActionType = {
  id: 'shop.restart',
  title: 'Restart it',
  class: 'Infra',
  risk: 'High',
  parameters: { type: 'object', additionalProperties: false },
  idempotency: 'None',
  direction: () => 'restart',
  async render({ node, tools, signal }) {
    const { version } = objectOf(await tools.call('read', {}, signal));
    const target = { identity: `compute:${node.name}`, version: word(version) };
    return { diff: 'restart', target, frozen: { restart: true }, edits: [] };
  },
  async execute({ tools, signal }, _frozen, key) {
    return objectOf(await tools.call('restart', { key }, signal));
  },
};

/** Gated by its kind, whatever the map asks for. */
const migrate: ActionType = { ...restart, id: 'shop.migrate', idempotency: 'Natural', gate: 'SchemaChange' };

const setNumber: ActionType = {
  id: 'shop.set-number',
  title: 'Change a number of the configuration',
  class: 'Code',
  risk: 'Medium',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['key', 'value'],
    properties: { key: { type: 'string' }, value: { type: 'number' }, path: { type: 'string' } },
  },
  idempotency: 'Natural',
  direction: ({ key, value }) => `${word(key)}:${word(value)}`,
  async render(context, { key, value, path = 'config.json' }) {
    const text = await context.readFile(word(path));
    if (text === undefined) throw new PlanRefused('FileMissing', `there is no ${word(path)}`);
    const content = JSON.stringify({ ...objectOf(JSON.parse(text)), [word(key)]: value });
    if (content === text) throw new PlanRefused('NoChange', 'it has this value already');
    return {
      diff: `-${text}\n+${content}`,
      target: { identity: 'repository:acme/shop', version: text },
      frozen: { key: key ?? '', value: value ?? 0 },
      edits: [{ path: word(path), content }],
    };
  },
};

/** What makes a node one that can be looked at. */
const seen: Partial<Skill> = {
  probe: async (context) => {
    const told = await look(context);
    return {
      findings: findingsIn(told, context),
      series: [],
      changes: [],
      logTemplates: [],
      gaps: [],
      ...withPeers(told.flatMap((item) => configuredPeers(objectOf(objectOf(item)['environment']) as Environment))),
      identity: context.node.id,
    };
  },
  checks: [errorFree],
};

function skill(id: string, more: Partial<Skill>): Skill {
  return {
    id,
    title: id,
    parameters: { type: 'object', additionalProperties: false, properties: { address: { type: 'string' } } },
    server: 'shop',
    tools: { read: ['look', 'read', 'find'], write: ['resize', 'restart'] },
    identity: () => undefined,
    checks: [],
    actions: [],
    remedies: [],
    ...more,
  };
}

const rolledOut: NonNullable<Skill['rollout']> = async ({ tools, signal }) => {
  const { commit } = objectOf(await tools.call('read', {}, signal));
  return { state: 'Settled', summary: `runs ${word(commit)}`, versions: [word(commit)] };
};

export const compute: Skill = skill('compute', { ...seen, actions: [resize, restart, migrate], rollout: rolledOut });
export const store: Skill = skill('store', seen);
/** A skill that only acts: there is nothing to look at. */
export const editor: Skill = skill('editor', { actions: [setNumber] });

export const shopSkills: ReadonlyMap<string, Skill> = new Map([compute, store, editor].map((one) => [one.id, one]));
