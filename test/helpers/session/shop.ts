import type { ServiceTopology } from '../../../controller/api/kinds.ts';
import type { Book } from './reasoner.ts';
import type { Ill, Outside, Story } from './outside.ts';

export const shopPolicy = {
  maxIterations: 5,
  actions: ['shop.resize', 'shop.restart', 'shop.migrate', 'shop.set-number'],
  reportPath: 'docs/debugging/',
};

/** A shop with every action allowed, except where a test says otherwise. */
export function shopTopology(spec: Partial<ServiceTopology['spec']> = {}): ServiceTopology {
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'ServiceTopology',
    metadata: {
      name: 'shop',
      namespace: 'default',
      uid: 'topology-1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      service: 'shop',
      environment: { name: 'staging', tier: 'Staging' },
      source: {
        repository: 'acme/shop',
        baseBranch: 'main',
        workflow: 'deploy.yaml',
        checks: [['npm', 'test']],
        manifests: [{ path: 'deploy/task.json', node: 'compute' }],
      },
      self: [
        { name: 'compute', type: 'compute', skill: 'compute' },
        { name: 'code', type: 'code', skill: 'editor' },
      ],
      downstream: [{ name: 'db', type: 'db', skill: 'store' }],
      verify: { stabilizationSeconds: 10, maxErrorsPerMillion: 10_000 },
      policy: shopPolicy,
      ...spec,
    },
  };
}

const files = {
  'config.json': JSON.stringify({ batch: 500, pool: 5 }),
  'deploy/task.json': JSON.stringify({ memory: 512 }),
};

export const outOfMemory: Ill = { node: 'compute', reason: 'OutOfMemory', summary: 'tasks die with exit code 137' };
export const timeout: Ill = { node: 'db', reason: 'Timeout', summary: 'a batch takes longer than the timeout' };
export const poolExhausted: Ill = { node: 'db', reason: 'PoolExhausted', summary: 'no connection is free' };

export const book: Book = {
  OutOfMemory: [
    { action: 'shop.resize', node: 'shop/compute', parameters: { memory: 1024 }, rationale: 'more memory' },
    {
      action: 'shop.set-number',
      node: 'shop/code',
      parameters: { key: 'batch', value: 100 },
      rationale: 'smaller batches',
    },
  ],
  Timeout: [
    {
      action: 'shop.set-number',
      node: 'shop/code',
      parameters: { key: 'batch', value: 100 },
      rationale: 'smaller batches',
    },
  ],
  PoolExhausted: [
    {
      action: 'shop.set-number',
      node: 'shop/code',
      parameters: { key: 'pool', value: 20 },
      rationale: 'a larger pool',
    },
  ],
};

const story = (ills: (outside: Outside) => readonly Ill[], more: Partial<Story> = {}): Story => ({
  files,
  memory: 512,
  ills,
  ...more,
});

/** Nothing is wrong. */
export const healthy = story(() => []);

/** Too little memory, and nothing else. */
export const smallMemory = story(({ live }) => (live.memory < 1024 ? [outOfMemory] : []));

/** More memory does not help: the batch is too large. */
export const largeBatch = story((outside) => (outside.setting('batch') > 100 ? [outOfMemory] : []));

/** The article's own: tasks die for want of memory, then the batch is too large, then the pool too small. */
export const article = story((outside) => {
  if (outside.live.memory < 1024) return [outOfMemory];
  if (outside.setting('batch') > 100) return [timeout];
  return outside.setting('pool') < 20 ? [poolExhausted] : [];
});

/** Nothing that the book has helps. */
export const hopeless = story(() => [outOfMemory]);

/** The build of a tree with small batches fails. */
export const redPipeline = story((outside) => (outside.setting('batch') > 100 ? [timeout] : []), {
  pipeline: (tree) =>
    tree['config.json']?.includes('"batch":100') === true
      ? { conclusion: 'failure', failure: 'test: 1 failed' }
      : { conclusion: 'success', failure: '' },
});
