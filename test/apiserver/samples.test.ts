import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { loadAll } from 'js-yaml';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { catalogueOf } from '../../controller/actions/catalogue.ts';
import type { DeclaredSkill, ServiceTopology, ToolServer } from '../../controller/api/kinds.ts';
import { judge } from '../../controller/cli/validate/judge.ts';
import { parseConfig } from '../../controller/config/load.ts';
import { DeclaredSkills } from '../../controller/extensions/declared-skills.ts';
import { resolveGraph } from '../../controller/topology/resolve.ts';
import type { TopologySource } from '../../controller/topology/resolved.ts';
import { skills } from '../../skills/catalogue.ts';
import { attachControlPlane, type ClusterAccess } from '../lab/cluster/access.ts';
import { until } from '../lab/parts/process.ts';

const root = join(import.meta.dirname, '../..');
const samples = join(root, 'manifests/samples');
const namespace = 'samples';

const allSkills = new Map(skills.map((skill) => [skill.id, skill]));
const allActions = catalogueOf(skills);
const yamlFiles = readdirSync(samples).filter((name) => name.endsWith('.yaml'));

interface Typed {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

function objectsOf(file: string): readonly Typed[] {
  return loadAll(readFileSync(join(samples, file), 'utf8')) as Typed[];
}

/** The blocks of the README with objects of a kind, as a reader would copy them. */
function readmeBlocks(kind: string): string {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)];
  return blocks
    .map(([, text = '']) => text)
    .filter((text) => text.includes(`kind: ${kind}\n`))
    .join('---\n');
}

describe('the samples', () => {
  let cluster: ClusterAccess;
  let dana: string;
  beforeAll(async () => {
    cluster = await attachControlPlane(inject('controlPlaneDir'));
    await cluster.apply(join(root, 'crds'));
    await cluster.apply(join(root, 'manifests/base/access'));
    // A dry run makes no namespace for what comes after it.
    await cluster.apply(join(root, 'manifests/sandbox'));
    await cluster.apply(`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`);
    dana = await cluster.addUser('dana');
    const people = readFileSync(join(samples, 'people.yaml'), 'utf8');
    await cluster.kubectl(['apply', '--server-side', '-n', namespace, '-f', '-'], { input: people });
  });

  const dryRun = async (args: readonly string[], options: object = {}) => {
    const result = await cluster.kubectl(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-n', namespace, '-o', 'json', ...args],
      options,
    );
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    const answer = JSON.parse(result.stdout) as Typed & { items?: Typed[] };
    return answer.items ?? [answer];
  };

  test('there are some of each kind', () => {
    const kinds = new Set(yamlFiles.flatMap(objectsOf).map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual([
      'ConfigMap',
      'DebugSession',
      'Role',
      'RoleBinding',
      'Secret',
      'ServiceAccount',
      'ServiceTopology',
      'Skill',
      'ToolServer',
    ]);
  });

  test.each(yamlFiles.filter((file) => file !== 'debug-session.yaml'))('%s is accepted', async (file) => {
    const made = await dryRun(['-f', join(samples, file)]);
    expect(made.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      objectsOf(file).map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    );
  });

  test.each([
    ['of the samples', () => readFileSync(join(samples, 'debug-session.yaml'), 'utf8')],
    ['of the README', () => readmeBlocks('DebugSession')],
  ])('the session %s is accepted from the author that it names, and from nobody else', async (_, text) => {
    await until('the roles of dana to count', async () => {
      const asked = ['auth', 'can-i', 'patch', 'debugsessions.threehops.dev', '-n', namespace];
      return (await cluster.kubectl(asked, { kubeconfig: dana })).code === 0 ? true : undefined;
    });
    const made = await dryRun(['-f', '-'], { kubeconfig: dana, input: text() });
    expect(made).toMatchObject([{ kind: 'DebugSession', spec: { mode: 'Propose', createdBy: 'dana' } }]);
    const apply = ['apply', '--server-side', '--dry-run=server', '-n', namespace, '-f', '-'];
    await until('the policy to bite', async () => {
      const { code, stderr } = await cluster.kubectl(apply, { input: text() });
      return code !== 0 && stderr.includes('sessions-name-their-requester.threehops.dev') ? true : undefined;
    });
  });

  test.each([
    [
      'of the samples',
      ['payments-api.yaml', 'neighbours.yaml', 'kafka.yaml'].map((file) => readFileSync(join(samples, file), 'utf8')),
    ],
    ['of the README', [readmeBlocks('ServiceTopology')]],
  ])('the maps %s resolve: nodes, parameters, references, actions, credentials', async (_, texts) => {
    // As the API server would store them, defaults filled in.
    const objects = await dryRun(['-f', '-'], { input: texts.join('---\n') });
    const maps = objects.filter(({ kind }) => kind === 'ServiceTopology') as unknown as ServiceTopology[];
    const declared = objects.filter(({ kind }) => kind === 'Skill') as unknown as DeclaredSkill[];
    expect(maps.length).toBeGreaterThan(0);
    const known = new DeclaredSkills({
      own: allSkills,
      actions: allActions,
      resources: { get: ({ name }) => declared.find(({ metadata }) => metadata.name === name) },
    });
    const source: TopologySource = {
      get: (_namespace, name) => maps.find((map) => map.metadata.name === name),
      referrers: () => [],
    };
    const users = skills.flatMap(({ id, server }) => [id, server]);
    for (const map of maps) {
      expect(resolveGraph(map, source, known).gaps).toEqual([]);
      for (const { skill } of map.spec.credentials ?? []) expect(users).toContain(skill);
      for (const action of map.spec.policy?.actions ?? []) expect([...allActions.keys()]).toContain(action);
    }
  });

  test('the optional policy names the requester of a session that names none', async () => {
    const optional = join(root, 'crds/policies/optional-stamp-requester.yaml');
    const input = readFileSync(join(samples, 'debug-session.yaml'), 'utf8').replace(/^ *createdBy:.*\n/m, '');
    const create = ['create', '--dry-run=server', '-n', namespace, '-o', 'json', '-f', '-'];
    const without = await cluster.kubectl(create, { input, kubeconfig: dana });
    expect(without).toMatchObject({ code: 1 });
    expect(without.stderr).toContain('sessions-name-their-requester.threehops.dev');
    await cluster.apply(optional);
    try {
      const made = await until('the optional policy to count', async () => {
        const { code, stdout } = await cluster.kubectl(create, { input, kubeconfig: dana });
        return code === 0 ? (JSON.parse(stdout) as { spec: object }) : undefined;
      });
      expect(made.spec).toMatchObject({ createdBy: 'dana' });
    } finally {
      await cluster.kubectl(['delete', '-f', optional]);
    }
  });

  test('what the GitOps samples render is accepted: maps in their namespace, and what the command says of them', async () => {
    const { stdout: rendered, stderr } = await cluster.kubectl(['kustomize', join(samples, 'gitops/maps/staging')]);
    expect(stderr).toBe('');
    expect(judge([{ path: 'rendered.yaml', text: rendered, named: true }], namespace).problems).toEqual([]);
    const made = await dryRun(['-f', '-'], {
      input: rendered.replaceAll('namespace: orders', `namespace: ${namespace}`),
    });
    expect(made.map(({ metadata }) => metadata.name)).toEqual(['ledger', 'orders-api']);
    for (const folder of ['flux', 'argo-cd']) {
      expect(await cluster.kubectl(['kustomize', join(samples, 'gitops', folder)])).toMatchObject({
        code: 0,
        stderr: '',
      });
    }
  });

  test('every Secret is labelled, says its hosts, and every one that a map or a server names is there', () => {
    const secrets = objectsOf('secrets.yaml') as unknown as { metadata: ServiceTopology['metadata'] }[];
    for (const { metadata } of secrets) {
      expect(metadata.labels).toEqual({ 'threehops.dev/use': 'true' });
      expect(metadata.annotations?.['threehops.dev/allowed-hosts']).toMatch(/\w/);
    }
    const maps = [...objectsOf('payments-api.yaml'), ...objectsOf('neighbours.yaml')] as unknown as ServiceTopology[];
    const servers = objectsOf('kafka.yaml').filter(({ kind }) => kind === 'ToolServer') as unknown as ToolServer[];
    const named = [
      ...maps.flatMap((map) => (map.spec.credentials ?? []).map(({ secretRef }) => secretRef.name)),
      ...servers.flatMap(({ spec }) => spec.credentials?.secretRef.name ?? []),
    ];
    expect([...new Set(named)].toSorted()).toEqual(secrets.map(({ metadata }) => metadata.name).toSorted());
  });

  test('every ConfigMap that a map names is there', () => {
    const maps = [...objectsOf('payments-api.yaml'), ...objectsOf('neighbours.yaml')] as unknown as ServiceTopology[];
    const named = maps.flatMap(({ spec }) =>
      (spec.knowledge ?? []).flatMap(({ configMapRef }) => configMapRef?.name ?? []),
    );
    expect(named).toEqual(objectsOf('runbooks.yaml').map(({ metadata }) => metadata.name));
  });

  test('the base and the sample overlays render, are accepted, and hold a configuration that the operator takes', async () => {
    for (const folder of ['manifests/base', 'manifests/samples/overlay', 'manifests/samples/overlay-jobs']) {
      const { stdout: rendered, stderr } = await cluster.kubectl(['kustomize', join(root, folder)]);
      expect(stderr).toBe('');
      const made = await cluster.kubectl(
        ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'],
        {
          input: rendered,
        },
      );
      expect(made).toMatchObject({ code: 0, stderr: '' });
      const objects = loadAll(rendered) as (Typed & { data?: Record<string, string> })[];
      const config = objects.find(({ kind }) => kind === 'ConfigMap')?.data?.['config.yaml'] ?? 'none: there is';
      const overlaid = !folder.endsWith('base');
      const { allow, sandbox } = parseConfig(config);
      expect(allow.repositories).toEqual(overlaid ? ['acme/*'] : []);
      // Who runs no Jobs grants nothing for them.
      const runsJobs = folder.endsWith('jobs');
      expect([sandbox.kind === 'Job', rendered.includes('threehops-sandbox')]).toEqual([runsJobs, runsJobs]);
      expect(rendered).toContain(
        `image: ${overlaid ? 'registry.example.com/platform/threehops:0.1.0' : 'threehops'}\n`,
      );
    }
  });

  test('the component makes authors of those who edit, and changes nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'author-by-edit-'));
    const render = async (components: readonly string[]) => {
      const from = (name: string) => relative(folder, join(root, 'manifests', name));
      const kustomization = { resources: [from('base')], components: components.map(from) };
      await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
      const { stdout, stderr } = await cluster.kubectl(['kustomize', '--load-restrictor=LoadRestrictionsNone', folder]);
      expect(stderr).toBe('');
      return loadAll(stdout) as (Typed & { metadata: { labels?: Record<string, string> } })[];
    };
    const [plain, widened] = [await render([]), await render(['author-by-edit'])];
    await rm(folder, { recursive: true });
    const byEdit = 'rbac.authorization.k8s.io/aggregate-to-edit';
    const changed = widened.filter((object, i) => JSON.stringify(object) !== JSON.stringify(plain[i]));
    expect(changed.map(({ kind, metadata }) => [kind, metadata.name, metadata.labels?.[byEdit]])).toEqual([
      ['ClusterRole', 'threehops-author', 'true'],
    ]);
    expect(plain.filter(({ metadata }) => metadata.labels?.[byEdit] !== undefined)).toEqual([]);
    expect(widened).toHaveLength(plain.length);
  });
});
