import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load, loadAll } from 'js-yaml';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { asText } from '../../controller/cli/validate/render.ts';
import { judge } from '../../controller/cli/validate/judge.ts';
import { attachControlPlane, type ClusterAccess } from '../lab/cluster/access.ts';

const root = join(import.meta.dirname, '../..');
const namespace = 'validated';

type Fields = Record<string, unknown>;
const sample = (file: string, kind: string): Fields => {
  const objects = loadAll(readFileSync(join(root, 'manifests/samples', file), 'utf8')) as Fields[];
  const found = objects.find((one) => one['kind'] === kind);
  if (found === undefined) throw new Error(`no ${kind} in ${file}`);
  return found;
};
const payments = (): Fields => sample('payments-api.yaml', 'ServiceTopology');

/** A map with a field of its spec set, or taken away. */
const withSpec = (path: string, value: unknown, object = payments()): Fields => {
  const words = path.split('.');
  const last = words.pop() ?? '';
  let at = object['spec'] as Fields;
  for (const word of words) at = at[word] as Fields;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return object;
};
const named = (name: string): Fields => ({ ...payments(), metadata: { name } });
const page = { name: 'page', type: 'http', skill: 'http-health', with: { url: 'https://x.example.com' } };
const server = (spec: Fields): Fields => ({
  apiVersion: 'threehops.dev/v1alpha1',
  kind: 'ToolServer',
  metadata: { name: 'server' },
  spec,
});

const cases: readonly (readonly [string, Fields])[] = [
  ['a whole map', payments()],
  ['an unknown field of the spec', withSpec('verfy', {})],
  ['an unknown field deep inside', withSpec('verify.maxErrors', 3)],
  ['an unknown field of a node', withSpec('self', [{ ...page, kind: 'http' }])],
  ['an unknown field of the metadata', { ...payments(), metadata: { name: 'x', lables: {} } }],
  [
    'any field of with',
    withSpec('self', [{ ...page, with: { url: 'https://x.example.com', whatever: [1, { a: null }] } }]),
  ],
  ['no service', withSpec('service', undefined)],
  ['an empty service', withSpec('service', '')],
  ['a service that is too long', withSpec('service', 'x'.repeat(64))],
  ['characters beyond the plane', withSpec('environment.name', '\u{1F600}'.repeat(63))],
  ['a tier that is none', withSpec('environment.tier', 'Production')],
  ['a number for a string', withSpec('environment.name', 3)],
  ['a string for a number', withSpec('verify.stabilizationSeconds', '60')],
  ['a fraction for an integer', withSpec('verify.stabilizationSeconds', 1.5)],
  ['a number out of its bounds', withSpec('verify.maxErrorsPerMillion', 1_000_001)],
  ['null for a field without a default', withSpec('upstream', null)],
  ['null for a field with a default', withSpec('verify.stabilizationSeconds', null)],
  ['null for a needed field', withSpec('service', null)],
  ['a node twice', withSpec('self', [page, page])],
  ['a node in two lists', withSpec('upstream', [page])],
  ['an item of a set twice', withSpec('policy.actions', ['aws-ecs.scale', 'aws-ecs.scale'])],
  [
    'a credential of both accesses',
    withSpec(
      'credentials',
      ['Read', 'Write'].map((access) => ({ skill: 'redis', access, secretRef: { name: 'r' } })),
    ),
  ],
  ['a document of both kinds', withSpec('knowledge', [{ path: 'a', configMapRef: { name: 'b' } }])],
  ['a document of neither', withSpec('knowledge', [{}])],
  ['a step of too little', withSpec('tests.ui.steps', [{ action: 'Click', role: 'button' }])],
  ['an origin with a path', withSpec('tests.ui.origins', ['https://x.example.com/path'])],
  ['a label that is no text', withSpec('alerts', { matchLabels: { team: 3 } })],
  ['a name with capitals', named('Shop')],
  ['a name with a dot', named('shop.staging')],
  ['a name of 254 characters', named('x'.repeat(254))],
  ['an unknown version', { ...payments(), apiVersion: 'threehops.dev/v1' }],
  ['an unknown kind', { ...payments(), kind: 'Topology' }],
  ['no metadata', { ...payments(), metadata: undefined }],
  ['a server of two kinds', server({ url: 'https://x.example.com', stdio: { name: 'x' }, tools: {} })],
  ['a tool that reads and writes', server({ url: 'https://x.example.com', tools: { read: ['a'], write: ['a'] } })],
  ['a URL with a user', server({ url: 'https://me@x.example.com', tools: {} })],
  ['a skill whose name is none for a node', { ...sample('kafka.yaml', 'Skill'), metadata: { name: 'kafka.lag' } }],
  ['a skill without findings', withSpec('findings', [], sample('kafka.yaml', 'Skill'))],
];

/** Whether the object's shape is fine by the command: what it says of references and thresholds is its own. */
function accepted(object: Fields): { readonly ok: boolean; readonly said: string } {
  const { problems } = judge([{ path: 'x.yaml', text: dump(object, { skipInvalid: true }), named: true }], namespace);
  const own = /with|names no node|is no node of|is used twice|unknown skill/;
  const errors = problems.filter(
    ({ severity, field = '', message }) => severity === 'Error' && !own.test(`${field} ${message}`),
  );
  return { ok: errors.length === 0, said: errors.map(asText).join('\n') };
}

describe('the command and the API server with strict validation agree on', () => {
  let cluster: ClusterAccess;
  beforeAll(async () => {
    cluster = await attachControlPlane(inject('controlPlaneDir'));
    await cluster.apply(join(root, 'crds'));
    await cluster.apply(`apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}}\n`);
  });

  test.each(cases)('%s', async (_, object) => {
    const input = dump(object, { skipInvalid: true });
    expect(load(input)).toBeDefined();
    const args = ['create', '--dry-run=server', '--validate=strict', '-n', namespace, '-f', '-'];
    const { code, stderr } = await cluster.kubectl(args, { input });
    const { ok, said } = accepted(object);
    expect(ok, `${said}\n${stderr}`).toBe(code === 0);
  });

  test('both sides of it', () => {
    const verdicts = cases.map(([, object]) => accepted(object).ok);
    expect(verdicts).toContain(true);
    expect(verdicts).toContain(false);
  });
});
