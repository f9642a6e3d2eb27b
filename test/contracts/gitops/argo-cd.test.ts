import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { readKinds } from '../../../controller/cli/validate/schema.ts';
import { kstatusOf, type KStatus } from '../../helpers/kstatus.ts';
import { luaHealth, type Health } from './lua.ts';
import { approval, drifted, outdated, seen, sessionsOfAllPhases, unseen } from './states.ts';

const folder = join(import.meta.dirname, '../../../manifests/samples/gitops/argo-cd');
const signal = AbortSignal.timeout(110_000);

interface Kustomization {
  readonly configMapGenerator: readonly { readonly name: string; readonly files: readonly string[] }[];
}
const [generator] = (load(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization)
  .configMapGenerator;
const scripts = new Map(
  (generator?.files ?? []).map((file) => {
    const [key = '', path = ''] = file.split('=');
    return [key.replace('resource.customizations.health.threehops.dev_', ''), readFileSync(join(folder, path), 'utf8')];
  }),
);

const healthOf = async (kind: string, ...objects: readonly unknown[]): Promise<readonly Health[]> => {
  const answers = await luaHealth(scripts.get(kind) ?? 'return {}', objects, signal);
  expect(answers).toHaveLength(objects.length);
  return answers;
};
const statusesOf = async (kind: string, ...objects: readonly unknown[]): Promise<readonly string[]> =>
  (await healthOf(kind, ...objects)).map(({ status }) => status);

const ready = seen({ state: 'Ready', reason: 'Resolved', message: '3 nodes can be looked at' });
const busy = seen({ state: 'Reconciling', reason: 'Unreachable', message: 'no answer' });
const stuck = seen({ state: 'Stalled', reason: 'NodesIncomplete', message: 'node redis: with: host is missing' });

describe('what Argo CD makes of the kinds', () => {
  test('each has a script, and each script a kind', () => {
    expect([...scripts.keys()].toSorted()).toEqual([...readKinds().keys()].toSorted());
    expect(readdirSync(join(folder, 'health'))).toHaveLength(scripts.size);
  });

  test.each(['ServiceTopology', 'ToolServer', 'Skill'])('%s in each state', async (kind) => {
    expect(await statusesOf(kind, unseen, ready, busy, stuck, outdated(ready), outdated(stuck))).toEqual([
      'Progressing',
      'Healthy',
      'Progressing',
      'Degraded',
      'Progressing',
      'Progressing',
    ]);
    const [{ message } = { message: '' }] = await healthOf(kind, stuck);
    expect(message).toContain('node redis: with: host is missing');
  });

  test('a map that has drifted is healthy, and says so', async () => {
    const map = seen({ state: 'Ready', reason: 'Resolved', message: '3 nodes can be looked at' }, [drifted]);
    const gone = seen({ state: 'Ready', reason: 'Resolved', message: '3 nodes can be looked at' }, [
      { ...drifted, status: 'False' },
    ]);
    expect(await healthOf('ServiceTopology', map, gone)).toEqual([
      { status: 'Healthy', message: '3 nodes can be looked at; mail.example.com is used and not on the map' },
      { status: 'Healthy', message: '3 nodes can be looked at' },
    ]);
  });

  test('a session at every step of whole lives: what waits for a person is suspended, else as kstatus has it', async () => {
    const sessions = await sessionsOfAllPhases();
    const asKstatus: Readonly<Record<KStatus, string>> = {
      Current: 'Healthy',
      InProgress: 'Progressing',
      Failed: 'Degraded',
      Terminating: 'Progressing',
    };
    const waits = ({ spec, status }: DebugSession): boolean =>
      status?.phase === 'AwaitingApproval' || (spec.suspend && status?.phase === 'Pending');
    const expected = sessions.map((session) => {
      const kstatus = kstatusOf(session);
      return kstatus === 'InProgress' && waits(session) ? 'Suspended' : asKstatus[kstatus];
    });
    expect(await statusesOf('DebugSession', ...sessions)).toEqual(expected);
    expect(new Set(expected)).toEqual(new Set(['Healthy', 'Progressing', 'Degraded', 'Suspended']));
  });

  test('Approval and Evidence', async () => {
    const states = [
      approval('Open'),
      approval('Consumed', { decision: 'Rejected' }),
      approval('Withdrawn'),
      approval('Expired'),
    ];
    expect(await statusesOf('Approval', approval(undefined), ...states)).toEqual([
      'Suspended',
      'Suspended',
      'Healthy',
      'Degraded',
      'Degraded',
    ]);
    expect(await healthOf('Evidence', { spec: { content: 'Bundle' } })).toEqual([
      { status: 'Healthy', message: 'Bundle' },
    ]);
  });
});
