import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ToolServer } from '../../../controller/api/kinds.ts';
import { toolServerController } from '../../../controller/extensions/tool-server-controller.ts';
import type { Change } from '../../../controller/kube/store.ts';
import { toolCredentials } from '../../../controller/mcp/credentials.ts';
import { SecretMissing } from '../../../controller/mcp/secret-errors.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLog, RecordingMetrics } from '../../helpers/kube-things.ts';

const clock = new FakeClock();
const credentials = toolCredentials({ token: 't' });
const resource = {
  metadata: { namespace: 'shop', name: 'theirs', uid: 'u', generation: 1 },
  spec: {
    url: 'https://theirs.example/mcp',
    credentials: { secretRef: { name: 'theirs' } },
    tools: {},
    timeoutSeconds: 1,
    maxAnswerKiB: 1,
  },
} as unknown as ToolServer;

let stop: AbortController;
let forgotten: unknown[];
let secretIsThere: boolean;
let tell: (change: Change<ToolServer>) => Promise<void>;

beforeEach(() => {
  stop = new AbortController();
  forgotten = [];
  secretIsThere = true;
  let there: ToolServer | undefined;
  const controller = toolServerController({
    client: { resource: () => ({ replaceStatus: async () => undefined }) } as never,
    informer: {
      store: { get: () => there },
      onChange(handler: (change: Change<ToolServer>) => void) {
        tell = async (change) => {
          there = change.type === 'deleted' ? undefined : change.object;
          handler(change);
          await clock.advance(100);
        };
      },
    } as never,
    pool: {
      get: async () => ({ relist: async () => undefined, digests: new Map(), changed: [] }) as never,
      forget: (...args) => void forgotten.push(args),
    },
    secrets: {
      async read(namespace, name, _, field) {
        if (!secretIsThere) throw new SecretMissing({ namespace, name, field: field ?? '' });
        return credentials;
      },
    },
    checkMs: 60_000,
    clock,
    log: new RecordingLog(),
    metrics: new RecordingMetrics(),
  });
  void controller.run(stop.signal);
});
afterEach(() => stop.abort());

it('gives up what was connected by another description, and all of it when the resource is gone', async () => {
  await tell({ type: 'added', object: resource });
  const changed = { ...resource, metadata: { ...resource.metadata, generation: 2 } };
  await tell({ type: 'updated', object: changed, replaced: resource });
  await tell({ type: 'deleted', object: changed });
  const { digest } = credentials;
  expect(forgotten).toEqual([
    ['shop/theirs', { version: 'u/1', digest }],
    ['shop/theirs', { version: 'u/2', digest }],
    ['shop/theirs'],
  ]);
});

it('gives up what was connected by a Secret that is gone', async () => {
  await tell({ type: 'added', object: resource });
  secretIsThere = false;
  await clock.advance(70_000);
  expect(forgotten.slice(1)).toEqual([['shop/theirs']]);
});
