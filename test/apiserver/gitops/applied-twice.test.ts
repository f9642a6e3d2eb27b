import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../lab/parts/process.ts';
import type { Installed } from '../session/installed.ts';
import { operated } from './operated.ts';

const root = join(import.meta.dirname, '../../..');
const samples = join(root, 'manifests/samples');
/** kubectl asks much of a busy machine. */
const timeoutMs = 120_000;

interface Applied {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion: string;
    readonly generation?: number;
  };
  readonly status?: { readonly observedGeneration?: number };
}

/**
 * What a GitOps controller does at every interval: apply the same thing again, and compare. A default that the API server fills in
 * differently from how it is written, or an operator that writes to what it was given, would show as drift for ever.
 */
describe('applied twice by server-side apply', { timeout: 180_000 }, () => {
  let on: Installed;
  beforeAll(async () => {
    on = await operated('twice');
  });
  afterAll(() => on.close());

  const manager = '--field-manager=gitops';
  /** Who applies it, and where to what names no namespace. */
  interface As {
    readonly kubeconfig?: string;
    readonly args: readonly string[];
  }
  const everywhere: As = { args: [] };

  async function apply(input: string, { args: place, ...as }: As): Promise<readonly Applied[]> {
    const args = ['apply', '--server-side', '--force-conflicts', manager, ...place, '-o', 'json', '-f', '-'];
    const { code, stdout, stderr } = await on.cluster.kubectl(args, { input, ...as, timeoutMs });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as Applied & { readonly items?: readonly Applied[] };
    return answer.items ?? [answer];
  }

  const nameOf = ({ kind, metadata }: Applied): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  const versionsOf = (objects: readonly Applied[]) =>
    objects.map((one) => `${nameOf(one)} ${one.metadata.resourceVersion}`);

  /** Applied once, and looked at by the operator where it looks at such things. */
  async function settled(input: string, as: As): Promise<void> {
    const first = await apply(input, as);
    for (const { apiVersion, kind, metadata } of first.filter((one) => one.apiVersion.startsWith('threehops.dev/'))) {
      await until(`${kind} ${metadata.name} to be seen`, async () => {
        const args = [
          'get',
          `${kind}.${apiVersion.split('/')[1]}.threehops.dev`,
          metadata.name,
          '-n',
          on.namespace,
          '-o',
          'json',
        ];
        const { stdout } = await on.cluster.kubectl(args);
        const { status, metadata: now } = JSON.parse(stdout) as Applied;
        return status?.observedGeneration === now.generation ? true : undefined;
      });
    }
  }

  /** What `kubectl diff` says after it was applied twice. */
  async function differs(input: string, as: As): Promise<{ readonly code: number | null; readonly stdout: string }> {
    await settled(input, as);
    // A status may still be on its way (a server that is looked at again); what must not move it is the apply.
    await until('two applies with nothing in between', async () => {
      const [one, two] = [await apply(input, as), await apply(input, as)];
      return JSON.stringify(versionsOf(one)) === JSON.stringify(versionsOf(two)) ? true : undefined;
    });
    const { args: place, ...by } = as;
    const diff = ['diff', '--server-side', '--force-conflicts', manager, ...place, '-f', '-'];
    const { code, stdout } = await on.cluster.kubectl(diff, { input, ...by, timeoutMs });
    return { code, stdout };
  }

  const rendered = async (folder: string): Promise<string> => {
    const { code, stdout, stderr } = await on.cluster.kubectl(['kustomize', join(root, folder)]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return stdout;
  };

  test.each(['crds', 'manifests/base', 'manifests/samples/overlay'])('%s is the same', async (folder) => {
    expect(await differs(await rendered(folder), everywhere)).toEqual({ code: 0, stdout: '' });
  });

  const files = readdirSync(samples).filter((name) => name.endsWith('.yaml'));

  test.each(files)('the sample %s is the same', async (file) => {
    const text = readFileSync(join(samples, file), 'utf8');
    const kinds = (loadAll(text) as Applied[]).map(({ kind }) => kind);
    // A session is its author's: nobody else may create it.
    const author = kinds.includes('DebugSession') ? { kubeconfig: on.dana.kubeconfig } : {};
    expect(await differs(text, { args: ['-n', on.namespace], ...author })).toEqual({ code: 0, stdout: '' });
  });

  test('a difference would be seen', async () => {
    const text = readFileSync(join(samples, 'payments-api.yaml'), 'utf8');
    const diff = ['diff', '--server-side', '--force-conflicts', manager, '-n', on.namespace, '-f', '-'];
    const { code, stdout } = await on.cluster.kubectl(diff, {
      input: text.replace('stabilizationSeconds: 120', 'stabilizationSeconds: 90'),
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-\s+stabilizationSeconds: 120$/m);
  });
});
