import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { remedies } from '../../../../skills/kubernetes/remedies.ts';
import { quantityOf } from '../../../../skills/kubernetes/quantity.ts';
import type { ProposedFix, Remedy } from '../../../../skills/skill.ts';

const finding = (reason: string, facts: JsonObject = {}, summary = ''): Finding => ({
  id: reason,
  node: 'n',
  kind: `kubernetes.${reason}`,
  severity: 'Critical',
  summary,
  source: 'test',
  facts,
});

/** As the reasoner asks: those remedies alone that a finding makes candidates, the fittest first. */
function fixes(findings: readonly Finding[], differences: readonly JsonObject[] = [], more: JsonObject = {}) {
  const asked = remedies.filter(({ forKinds }) => findings.some(({ kind }) => forKinds.includes(kind)));
  return proposedBy(asked, findings, differences, more);
}

function proposedBy(
  asked: readonly Remedy[],
  findings: readonly Finding[],
  differences: readonly JsonObject[],
  more: JsonObject,
) {
  const facts = {
    replicaSet: 's-2',
    revision: 2,
    previousReplicaSet: 's-1',
    previousRevision: 1,
    byThreehops: false,
    differences,
    ...more,
  };
  const change = {
    id: 'c',
    node: 'n',
    kind: 'Configuration' as const,
    at: '2026-01-01T00:00:00Z',
    summary: '',
    source: '',
    facts,
  };
  const node = { id: 'n', name: 'n', type: 'compute', with: { maxMemory: 512 } };
  const context = {
    node,
    findings,
    changes: differences.length === 0 && more['others'] === undefined ? [] : [change],
    series: [],
  };
  return asked
    .flatMap((remedy) =>
      remedy.propose(context).map((fix): ProposedFix & { cause: string } => ({ ...fix, cause: remedy.cause })),
    )
    .toSorted((a, b) => b.fitness - a.fitness);
}

const killed = finding('OutOfMemory', { memory: 100, container: 'shop' });

describe('memory', () => {
  it('that was lowered is given back, before anything else', () => {
    const [first, second] = fixes([killed], [{ container: 'shop', memory: { from: 150, to: 100 } }]);
    expect(first).toMatchObject({ cause: 'kubernetes.MemoryTooLow', parameters: { container: 'shop', memory: 150 } });
    expect(second?.action).toBe('kubernetes.undo-rollout');
  });

  it('that is too little is doubled, within the bound of the node; with a new image that comes second', () => {
    expect(fixes([killed])).toMatchObject([{ parameters: { memory: 200 } }]);
    expect(fixes([finding('OutOfMemory', { memory: 512, container: 'shop' })])).toEqual([]);
    const [first] = fixes([killed], [{ container: 'shop', image: { from: 'a:1', to: 'a:2' } }]);
    expect(first?.action).toBe('kubernetes.undo-rollout');
  });
});

describe('a crash', () => {
  const variable = { name: 'MODE', from: 'a', to: null, redacted: false };

  it('after a variable was changed restores it, the more where the program names it', () => {
    const differences = [{ container: 'shop', environment: [variable] }];
    const [named] = fixes([finding('CrashLoop', {}, 'MODE is not set')], differences);
    const [unnamed] = fixes([finding('CrashLoop', {}, 'ended')], differences);
    expect(named).toMatchObject({ parameters: { environment: [{ name: 'MODE', restoreFrom: 's-1' }] } });
    expect(named?.fitness).toBeGreaterThan(unnamed?.fitness ?? 1);
  });

  it('after a session’s own act blames no release', () => {
    expect(
      fixes([finding('CrashLoop')], [{ container: 'shop', environment: [variable] }], { byThreehops: true }),
    ).toEqual([]);
  });
});

it('an image that cannot be pulled goes back to the revision before', () => {
  const [first] = fixes([finding('ImagePullFailed')], [{ container: 'shop', image: { from: 'a:1', to: 'a:2' } }]);
  expect(first).toMatchObject({ cause: 'kubernetes.BadRelease', parameters: { revision: 1 } });
});

it('a release that shows nothing is gone back from where others came to harm after it', () => {
  const harm = { ...finding('ErrorRateHigh'), kind: 'cloudwatch.ErrorRateHigh', node: 'caller' };
  const supposed = (differences: readonly JsonObject[], others: readonly string[] = []) =>
    proposedBy(
      remedies.filter(({ takesBack }) => takesBack === true),
      [harm],
      differences,
      { others },
    );
  expect(supposed([{ container: 'shop', image: { from: 'a:1', to: 'a:2' } }])).toMatchObject([
    { cause: 'kubernetes.BadRelease', parameters: { revision: 1 }, fitness: 0.6 },
  ]);
  expect(supposed([], ['spec.containers[shop].command'])[0]?.fitness).toBe(0.6);
});

describe('a change of what no other remedy restores', () => {
  const fitness = (reason: string, others: readonly string[], differences: readonly JsonObject[] = []) =>
    fixes([finding(reason)], differences, { others }).find(({ cause }) => cause === 'kubernetes.BadRelease')?.fitness;
  const image = { container: 'shop', image: { from: 'a:1', to: 'a:2' } };
  const memory = { container: 'shop', memory: { from: 1, to: 2 } };

  it.each([
    'spec.nodeSelector',
    'spec.nodeSelector[kubernetes.io/arch]',
    'spec.tolerations',
    'spec.affinity.nodeAffinity',
    'spec.containers[shop].resources.requests.cpu',
    'spec.containers[shop].ports',
    'spec.containers[shop].ports[http].hostPort',
    'spec.containers[sidecar]',
  ])('goes back where no node takes the pod, the more for %s', (path) => {
    expect(fitness('Unschedulable', [path])).toBe(0.7);
    expect(fitness('Unschedulable', ['metadata.labels.x', path], [image])).toBe(0.7);
  });

  it.each([
    'spec.containers[shop].command',
    'spec.containers[shop].ports[http].containerPort',
    'spec.nodeSelectors',
    'metadata.annotations.resources',
  ])('is doubted there for %s', (path) => {
    expect(fitness('Unschedulable', [path])).toBe(0.4);
  });

  it('goes back where the pods fail, and counts for nothing beside an image, limits or variables', () => {
    expect(fitness('CrashLoop', ['spec.containers[shop].command'])).toBe(0.6);
    expect(fitness('StartFailed', ['spec.volumes[config].configMap.name'])).toBe(0.6);
    expect(fitness('StartFailed', ['spec.serviceAccountName'], [image])).toBe(0.85);
    expect(fitness('NotReady', ['spec.serviceAccountName'], [memory])).toBe(0.4);
  });
});

it('what was scaled away comes back, as many as there were', () => {
  expect(fixes([finding('ScaledBelowMinimum', { desired: 0, before: 3 })])).toMatchObject([{ parameters: { by: 3 } }]);
  expect(fixes([finding('ScaledBelowMinimum', { desired: 0, before: null })])).toMatchObject([
    { parameters: { by: 1 } },
  ]);
});

it('a quota is a cause that nothing here mends', () => {
  expect(fixes([finding('QuotaExceeded')])).toEqual([]);
  const causes = remedies
    .filter(({ forKinds }) => forKinds.includes('kubernetes.QuotaExceeded'))
    .map(({ cause }) => cause);
  expect(causes).toEqual(['kubernetes.QuotaUsedUp']);
});

it.each([
  ['512Mi', 512 * 2 ** 20],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['250m', 0.25],
  ['1e3', 1000],
  ['2k', 2000],
  ['12x', undefined],
  ['', undefined],
])('the quantity %s is %s', (text, number) => {
  expect(quantityOf(text)).toBe(number);
});
