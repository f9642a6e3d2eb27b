import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '@marcbachmann/cel-js';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { DebugSession } from '../../../controller/api/kinds.ts';
import { kstatusOf } from '../../helpers/kstatus.ts';
import { drifted, outdated, seen, sessionsOfAllPhases, unseen } from './states.ts';

const folder = join(import.meta.dirname, '../../../manifests/samples/gitops/flux');

interface Check {
  readonly apiVersion: string;
  readonly kind: string;
  readonly current: string;
  readonly inProgress: string;
  readonly failed: string;
}
interface Kustomization {
  readonly kind: string;
  readonly spec: { readonly healthCheckExprs?: readonly Check[] };
}

function checkOf(file: string, kind: string): Check {
  const objects = loadAll(readFileSync(join(folder, file), 'utf8')) as Kustomization[];
  const found = objects.flatMap(({ spec }) => spec.healthCheckExprs ?? []).find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no expressions for ${kind} in ${file}`);
  expect(found.apiVersion).toBe('threehops.dev/v1alpha1');
  return found;
}

/** The fields of the object are the variables, as Flux has them. */
const environment = new Environment({ homogeneousAggregateLiterals: false });
for (const name of ['apiVersion', 'kind', 'metadata', 'spec', 'status']) environment.registerVariable(name, 'dyn');

/** In Flux's order; what none of them says is waited for until the time is up. */
function verdictOf(check: Check, object: object): 'InProgress' | 'Failed' | 'Current' | 'Unknown' {
  const { metadata = {}, spec = {}, status = {} } = JSON.parse(JSON.stringify(object)) as Record<string, object>;
  const scope = { apiVersion: check.apiVersion, kind: check.kind, metadata, spec, status };
  const holds = (expression: string): boolean => environment.evaluate(expression, scope) === true;
  if (holds(check.inProgress)) return 'InProgress';
  if (holds(check.failed)) return 'Failed';
  return holds(check.current) ? 'Current' : 'Unknown';
}

describe('the expressions of the Flux samples', () => {
  const check = checkOf('maps.yaml', 'ServiceTopology');
  const ready = seen({ state: 'Ready', reason: 'Resolved', message: '' });
  const stuck = seen({ state: 'Stalled', reason: 'NodesIncomplete', message: '' });

  test.each([
    ['not seen yet', unseen],
    ['resolved', ready],
    ['broken', stuck],
    ['changed since', outdated(ready)],
    ['broken and changed since', outdated(stuck)],
    ['drifted', seen({ state: 'Ready', reason: 'Resolved', message: '' }, [drifted])],
  ])('a map that is %s is what kstatus says', (_, map) => {
    expect(verdictOf(check, map)).toBe(kstatusOf(map));
  });

  test('a map without a status is in progress: the API server fills one in, and kstatus would take it for current', () => {
    expect(verdictOf(check, { metadata: { generation: 1 } })).toBe('InProgress');
  });

  test('a session at every step of whole lives: what waits for a person holds nothing up', async () => {
    const sessions = await sessionsOfAllPhases();
    const expressions = checkOf('sessions.yaml', 'DebugSession');
    const waits = ({ spec, status }: DebugSession): boolean => status?.phase === 'AwaitingApproval' || spec.suspend;
    const verdicts = sessions.map((session) => verdictOf(expressions, session));
    expect(verdicts).toEqual(
      sessions.map((session) => {
        const kstatus = kstatusOf(session);
        return kstatus === 'InProgress' && waits(session) ? 'Current' : kstatus;
      }),
    );
    expect(new Set(verdicts)).toEqual(new Set(['InProgress', 'Current', 'Failed']));
    expect(sessions.some((session) => session.status?.phase === 'AwaitingApproval')).toBe(true);
  });
});
