import { dump } from 'js-yaml';
import { expect, it } from 'vitest';
import { parseConfig } from '../../../../controller/config/load.ts';
import {
  partBytes,
  renderJob,
  renderPart,
  renderProxy,
  type JobPlan,
} from '../../../../controller/sandbox/job/render-job.ts';
import { prepare } from '../../../../controller/sandbox/job/scripts.ts';

const settingsOf = (job: string) => {
  const settings = parseConfig(`sandbox: {kind: Job, job: {image: registry.example.com/checks:1${job}}}`).sandbox.job;
  if (settings === undefined) throw new Error('no settings');
  return settings;
};
const plan: JobPlan = {
  name: 'checks-abc',
  operator: 'threehops-system.threehops',
  session: 'payments/dbg-1',
  checks: [
    ['npm', 'run', 'build'],
    ['sh', '-c', 'echo "$HOME" $(HOME) `id`; exit 0'],
  ],
  parts: 2,
};

/** The scripts are tried for real elsewhere; here it matters where they stand. */
function withoutScripts(job: unknown): string {
  const words = JSON.stringify(job).replaceAll(JSON.stringify(prepare.replaceAll('$', '$$$$')), '"<prepare>"');
  return dump(
    JSON.parse(words, (key, value: unknown) => (key === 'command' ? shortened(value as string[]) : value)),
    {
      lineWidth: 140,
      noRefs: true,
    },
  );
}

function shortened(command: readonly string[]): readonly string[] {
  return command[3] === 'prepare' ? [...command.slice(0, 4), `<${command.length - 4} programs>`] : command;
}

it('a Job as it is by default', async () => {
  const text = withoutScripts(renderJob(settingsOf(''), plan));
  await expect(text).toMatchFileSnapshot('goldens/job.yaml');
});

it('a RuntimeClass, a user namespace and bounds, where they are configured', () => {
  const more =
    ', runtimeClassName: gvisor, userNamespace: true, memoryMiB: 128, cpuMilli: 250, ephemeralMiB: 64, processes: 9, checkSeconds: 10, startSeconds: 20';
  const { spec } = renderJob(settingsOf(more), plan) as unknown as { spec: Record<string, never> };
  expect(spec).toMatchObject({
    activeDeadlineSeconds: 20 + 120 + 2 * 10 + 30,
    template: { spec: { runtimeClassName: 'gvisor', hostUsers: false } },
  });
  const text = JSON.stringify(spec);
  expect(text).toContain('{"limits":{"cpu":"250m","memory":"128Mi","ephemeral-storage":"64Mi"}'.slice(1));
  expect(text).toContain('ulimit -u 9 ');
  expect(text.match(/"sizeLimit":"64Mi"/g)).toHaveLength(2);
});

it('words that only the process sees: no shell reads them, and Kubernetes replaces nothing in them', () => {
  const { spec } = renderJob(settingsOf(''), { ...plan, checks: [['$(A)', '$$(B)', '"; id', '$C']] }) as unknown as {
    spec: { template: { spec: { containers: readonly { command: readonly string[] }[] } } };
  };
  const command = spec.template.spec.containers[0]?.command ?? [];
  expect(command.slice(0, 2)).toEqual(['/bin/sh', '-c']);
  expect(command[2]).toBe(
    '(ulimit -u 256 2>/dev/null || ulimit -p 256 2>/dev/null) && { ulimit -u 256 2>/dev/null || ulimit -p 256 2>/dev/null; }\nexec "$$@"',
  );
  expect(command.slice(3)).toEqual(['check', '$$(A)', '$$$$(B)', '"; id', '$$C']);
});

interface Rendered {
  readonly spec: {
    readonly template: { readonly spec: Record<'initContainers' | 'containers', readonly Container[]> };
  };
}
interface Container {
  readonly name: string;
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

it('where hosts are declared the checks are told of the proxy, by a Secret of the run, and nothing else is', () => {
  const { spec } = renderJob(settingsOf(''), { ...plan, proxied: true }) as unknown as Rendered;
  const { initContainers, containers } = spec.template.spec;
  const [prepares, ...checks] = [...initContainers, ...containers];
  const named = (container: Container | undefined) => container?.env.map(({ name }) => name) ?? [];
  expect(named(prepares).filter((name) => /proxy/i.test(name))).toEqual([]);
  const valueFrom = { secretKeyRef: { name: 'checks-abc-proxy', key: 'url' } };
  const told = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => ({ name, valueFrom }));
  expect(checks.map(({ name }) => name)).toEqual(['check-1', 'check-2']);
  for (const { env } of checks) {
    expect(env.filter(({ name }) => /^https?_proxy$/i.test(name))).toEqual(told);
    expect(env).toContainEqual({ name: 'NODE_USE_ENV_PROXY', value: '1' });
    expect(env).toContainEqual({ name: 'NO_PROXY', value: 'localhost,127.0.0.1' });
  }
  const without = renderJob(settingsOf(''), plan);
  expect(JSON.stringify(without)).not.toMatch(/proxy/i);
});

it('the Secret of a run’s proxy is immutable, and belongs to its Job', () => {
  const job = { metadata: { name: plan.name, namespace: 'threehops-sandbox', uid: 'u1' } };
  const { metadata, ...rest } = renderProxy(plan, job, 'http://10.0.0.7:8095');
  expect(metadata).toMatchObject({
    name: 'checks-abc-proxy',
    namespace: 'threehops-sandbox',
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'checks-abc', uid: 'u1' }],
  });
  const url = Buffer.from('http://10.0.0.7:8095').toString('base64');
  expect(rest).toEqual({ immutable: true, type: 'Opaque', data: { url } });
});

it('a part of a tree is immutable, belongs to its Job, and is not too large for a Secret', () => {
  const job = { metadata: { name: plan.name, namespace: 'threehops-sandbox', uid: 'u1' } };
  const part = renderPart(plan, job, 1, Buffer.alloc(partBytes, 7));
  expect(part).toMatchObject({
    metadata: {
      name: 'checks-abc-0001',
      namespace: 'threehops-sandbox',
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'checks-abc', uid: 'u1' }],
    },
    immutable: true,
    type: 'Opaque',
  });
  expect(Buffer.from(part.data['part'] ?? '', 'base64')).toHaveLength(partBytes);
  expect(partBytes).toBeLessThan(2 ** 20);
});
