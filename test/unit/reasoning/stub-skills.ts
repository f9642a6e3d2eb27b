import type { ActionType, ProposedFix, Remedy, RemedyContext, Skill } from '../../../skills/skill.ts';
import { createCausal } from '../../../controller/reasoning/causal.ts';
import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import type { Knowledge } from '../../../controller/reasoning/proposals.ts';
import type { Diagnosis, Limits, Memory } from '../../../controller/reasoning/reasoner.ts';
import { objectionsTo } from '../../../controller/reasoning/validate.ts';

function action(id: string, kind: 'Infra' | 'Code', properties: readonly string[]): ActionType {
  return {
    id,
    title: id,
    class: kind,
    risk: 'Low',
    parameters: {
      type: 'object',
      properties: Object.fromEntries(properties.map((name) => [name, {}])),
      required: properties.slice(0, 1),
      additionalProperties: false,
    },
    idempotency: 'Natural',
    direction: (parameters) => (id === 'source.revert' ? JSON.stringify(parameters['commit']) : 'forwards'),
    render: () => Promise.reject(new Error('not for this test')),
  };
}

function remedy(id: string, forKinds: readonly string[], cause: string, propose: Remedy['propose']): Remedy {
  return { id, forKinds, cause, propose };
}

function fix(name: string, parameters: ProposedFix['parameters'], fitness: number): ProposedFix {
  return { action: name, parameters, fitness, rationale: `${name} would help` };
}

function skill(id: string, actions: readonly ActionType[], remedies: readonly Remedy[]): Skill {
  const tools = { read: [], write: [] };
  return { id, title: id, parameters: {}, server: id, tools, identity: () => undefined, checks: [], actions, remedies };
}

const compute = skill(
  'compute',
  [action('compute.resize', 'Infra', ['memory']), action('compute.restart', 'Infra', [])],
  [
    remedy('compute.raise', ['compute.OutOfMemory'], 'compute.MemoryTooLow', () => [
      fix('compute.resize', { memory: 2 }, 0.75),
    ]),
    remedy('compute.restart', ['compute.Stuck', 'compute.Crashing'], 'compute.Wedged', () => [
      fix('compute.restart', {}, 0.3),
    ]),
  ],
);

const source = skill(
  'source',
  [action('source.revert', 'Code', ['commit']), action('source.set-pool', 'Code', ['size'])],
  [
    {
      ...remedy(
        'source.revert',
        ['compute.OutOfMemory', 'compute.Crashing', 'queue.Poisoned'],
        'source.Regression',
        reverts,
      ),
      takesBack: true,
    },
    remedy('source.fit-pool', ['store.Exhausted', 'source.Pool'], 'source.PoolUnfit', fitPool),
    remedy('source.widen-pool', ['logs.Errors', 'source.Narrow'], 'source.PoolTooNarrow', widenPool),
  ],
);

/** One for each commit, the newest first, and before them one that changed the file where something comes from. */
function reverts({ changes, findings }: RemedyContext): readonly ProposedFix[] {
  const files = findings.map(({ facts }) => facts?.['file']).filter((file) => file !== undefined);
  return changes
    .filter(({ kind }) => kind === 'Commit')
    .map(({ facts = {} }, rank) => {
      const fitness = files.includes(facts['file'] ?? null) ? 0.9 : 0.6 / (rank + 1);
      return fix('source.revert', { commit: facts['commit'] ?? 'unknown' }, fitness);
    });
}

/** Sees what the store says, and knows the pool of its own service. */
function fitPool({ findings }: RemedyContext): readonly ProposedFix[] {
  const [exhausted, pool] = ['store.Exhausted', 'source.Pool'].map((kind) => findings.find((one) => one.kind === kind));
  return exhausted === undefined || pool === undefined ? [] : [fix('source.set-pool', { size: 4 }, 0.6)];
}

/** Infers it from errors that whatever is used may cause as well. */
function widenPool({ findings }: RemedyContext): readonly ProposedFix[] {
  const narrow = findings.some(({ kind }) => kind === 'source.Narrow');
  const errors = findings.some(({ kind }) => kind === 'logs.Errors');
  return narrow && errors ? [fix('source.set-pool', { size: 9 }, 0.6)] : [];
}

const store = skill(
  'store',
  [action('store.end-blocker', 'Infra', ['pid'])],
  [
    remedy('store.end-blocker', ['store.Blocked'], 'store.AbandonedTransaction', ({ findings }) => [
      fix(
        'store.end-blocker',
        { pid: findings.find(({ kind }) => kind === 'store.Blocked')?.facts?.['pid'] ?? 0 },
        0.9,
      ),
    ]),
    remedy('store.exhausted', ['store.Exhausted'], 'store.ConnectionsExhausted', () => []),
  ],
);

const broken = skill(
  'broken',
  [action('broken.act', 'Infra', ['must'])],
  [
    remedy('broken.throws', ['broken.Ill'], 'broken.Cause', () => {
      throw new TypeError('a remedy that breaks');
    }),
    remedy('broken.invalid', ['broken.Ill'], 'broken.Other', () => [fix('broken.act', { other: 1 }, 0.9)]),
  ],
);

const plain = ['http', 'logs', 'queue'].map((id) => skill(id, [], []));

const all = [compute, source, store, broken, ...plain];
const skills = new Map(all.map((one) => [one.id, one]));
const actions = new Map(all.flatMap((one) => one.actions.map((it) => [it.id, { action: it, skill: one }] as const)));

/** What these skills know. */
export const knowledge: Knowledge = { skills, actions };

export const untried: Memory = { failed: [], kept: [], history: [] };
export const anything: Limits = { allowed: () => true };

/** Diagnoses, and holds the answer against what the controller checks. */
export async function diagnose(bundle: EvidenceBundle, memory = untried, limits = anything): Promise<Diagnosis> {
  const reasoner = createCausal(knowledge);
  const diagnosis = await reasoner.diagnose(bundle, memory, limits, new AbortController().signal);
  const objections = objectionsTo(diagnosis, { bundle, memory, limits, action: (id) => actions.get(id)?.action });
  if (objections.length > 0) throw new Error(`the controller would refuse it: ${objections.join('; ')}`);
  return diagnosis;
}
