import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding, Severity } from '../../../../controller/evidence/finding.ts';
import { remedies } from '../../../../skills/deploy-waiter/remedies.ts';
import type { ProposedFix } from '../../../../skills/skill.ts';
import { arn, at } from '../aws-ecs/scripted-ecs.ts';

function findingOf(kind: string, severity: Severity, since: string, facts: JsonObject = {}): Finding {
  return { id: kind, node: 'shop/rollout', kind, severity, summary: kind, since, source: 'a test', facts };
}

function fixes(...findings: readonly Finding[]): readonly (ProposedFix & { readonly cause: string })[] {
  const node = { id: 'shop/rollout', name: 'rollout', type: 'deployment', with: {} };
  return remedies.flatMap((remedy) =>
    remedy.propose({ node, findings, changes: [], series: [] }).map((fix) => ({ ...fix, cause: remedy.cause })),
  );
}

const blocked = (tasksToAdd: number | null): Finding =>
  findingOf('deploy-waiter.DeploymentBlocked', 'Critical', at(0), { tasksToAdd });
const stuck = (facts: JsonObject): Finding => findingOf('deploy-waiter.DeploymentStuck', 'Critical', at(0), facts);

describe('a deployment that cannot begin', () => {
  it('is given as many tasks as its shares come to whole ones with', () => {
    expect(fixes(blocked(2))).toMatchObject([
      { cause: 'deploy-waiter.NoRoomToDeploy', action: 'aws-ecs.scale', parameters: { by: 2 } },
    ]);
    expect(fixes(blocked(null))).toEqual([]);
  });
});

describe('a deployment that is stuck', () => {
  it('goes back to the last that came to rest, more readily where nothing else tells what is wrong', () => {
    const [waits] = fixes(stuck({ waitsFor: 'Health', revision: 4, previousRevision: 3 }));
    const [fails] = fixes(stuck({ waitsFor: 'Tasks', revision: 4, previousRevision: 3 }));
    expect(waits).toMatchObject({ action: 'aws-ecs.roll-back', parameters: { revision: 3 } });
    expect(waits?.fitness).toBeGreaterThan(fails?.fitness ?? 1);
  });

  it('has nowhere to go back to from the first one, or when it goes back itself', () => {
    expect(fixes(stuck({ waitsFor: 'Health', revision: 1 }))).toEqual([]);
    expect(fixes(stuck({ waitsFor: 'Health', revision: 3, previousRevision: 4 }))).toEqual([]);
  });
});

describe('an earlier revision that was put back', () => {
  const secret = { name: 'DB_PASSWORD', from: '(redacted)', to: null, redacted: true };
  const differences = [
    {
      container: 'app',
      image: { from: 'shop:2', to: 'shop:1' },
      memory: { from: 128, to: 256 },
      environment: [{ name: 'MODE', from: 'new', to: 'old', redacted: false }, secret],
    },
  ];
  const putBack = (facts: JsonObject = {}): Finding =>
    findingOf('deploy-waiter.RolledBack', 'Info', at(120), { by: 'Request', takenBack: arn(2), differences, ...facts });
  const harm = (since: string): Finding => findingOf('cloudwatch.ErrorRateHigh', 'Critical', since);

  it('is given what the later one had, its sizes left as they are, where the harm came with it', () => {
    expect(fixes(putBack(), harm(at(110)), harm(at(130)))).toMatchObject([
      {
        cause: 'deploy-waiter.OldRevisionPutBack',
        action: 'aws-ecs.update-task-definition',
        parameters: {
          container: 'app',
          image: 'shop:2',
          environment: [
            { name: 'MODE', value: 'new' },
            { name: 'DB_PASSWORD', restoreFrom: arn(2) },
          ],
        },
      },
    ]);
  });

  it.each([
    ['nothing hurts', [putBack()]],
    ['it hurt long before', [putBack(), harm(at(130)), harm(at(0))]],
    ['it has run well for hours', [putBack(), harm(at(4 * 3600))]],
    ['ECS went back by itself', [putBack({ by: 'Ecs' }), harm(at(130))]],
    [
      'only sizes differ',
      [putBack({ differences: [{ container: 'app', memory: { from: 1, to: 2 } }] }), harm(at(130))],
    ],
    ['several containers differ', [putBack({ differences: [...differences, ...differences] }), harm(at(130))]],
  ])('stays where %s', (_, findings) => {
    expect(fixes(...findings)).toEqual([]);
  });
});
