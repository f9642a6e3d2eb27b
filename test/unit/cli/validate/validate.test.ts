import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ServiceTopology } from '../../../../controller/api/kinds.ts';
import { documentsIn } from '../../../../controller/cli/validate/documents.ts';
import { readSources } from '../../../../controller/cli/validate/files.ts';
import { judge } from '../../../../controller/cli/validate/judge.ts';
import { kustomizedBy } from '../../../../controller/cli/validate/kustomize.ts';
import { declared, isOurs, objectOf } from '../../../../controller/cli/validate/objects.ts';
import { readKinds } from '../../../../controller/cli/validate/schema.ts';
import { worldOf } from '../../../../controller/cli/validate/world.ts';
import { wrapped } from '../../../../controller/cli/wrapped.ts';
import { nodeFaults } from '../../../../controller/topology/faults/nodes.ts';
import { resolveGraph } from '../../../../controller/topology/resolve.ts';
import { topologyStatus } from '../../../../controller/topology/topology-status.ts';
import { asText, asWorkflowCommand, summaryOf } from '../../../../controller/cli/validate/render.ts';
import { articleMap } from './article.ts';

const root = join(import.meta.dirname, '../../../..');
const fixtures = join(root, 'test/fixtures/validate');
const signal = AbortSignal.timeout(300_000);
const judged = async (...paths: string[]) => judge(await readSources(paths, signal), 'default');
const given = (path: string, text: string, namespace = 'default') => judge([{ path, text, named: true }], namespace);

interface Expected {
  readonly line: number;
  readonly severity: string;
  readonly words: string;
}

/** What the comments of a fixture announce. */
function announced(file: string): readonly Expected[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const [, severity = '', words = ''] = /#! (Error|Warning) (.*)$/.exec(text) ?? [];
      return words === '' ? [] : [{ line: index + 1, severity, words }];
    });
}

describe('what is wrong', () => {
  test.each(['map.yaml', 'shapes.yaml', 'others.yaml'])('in %s is told at its line, and nothing else', async (name) => {
    const { problems } = await judged(join(fixtures, 'broken'));
    const file = join(fixtures, 'broken', name);
    const told = problems.filter((problem) => problem.file === file);
    const wanted = announced(file);
    expect(wanted.length).toBeGreaterThan(9);
    const lines = (list: readonly { line: number; severity: string }[]) =>
      list.map(({ line, severity }) => `${line} ${severity}`).toSorted();
    const distinct = [...new Set(lines(told))];
    expect(distinct, `${told.map(asText).join('\n')}`).toEqual(lines(wanted));
    for (const { line, words } of wanted) {
      const messages = told.filter((one) => one.line === line).map(({ message }) => message);
      expect(messages.join('\n')).toContain(words);
    }
  });

  test('columns point at the name of the field, at a node, and into flow collections', async () => {
    const { problems } = await judged(join(fixtures, 'broken'));
    const at = (line: number) => problems.find((one) => one.file.endsWith('map.yaml') && one.line === line)?.column;
    expect(at(12)).toBe(3);
    expect(at(17)).toBe(9);
    expect(at(57)).toBe(7);
    expect(at(91)).toBe(9);
  });

  test('is a line that an editor can follow', () => {
    const text =
      'apiVersion: threehops.dev/v1alpha1\nkind: ServiceTopology\nmetadata: {name: shop}\nspec:\n  servce: x\n';
    const { problems } = given('maps/shop.yaml', text);
    expect(problems.map(asText)).toEqual([
      'maps/shop.yaml:4:1: error: spec.service: is missing',
      'maps/shop.yaml:5:3: error: spec.servce: is no field that is known; did you mean service?',
    ]);
  });

  test('of text that is no YAML is told where it ends to be one; files of no concern are passed over', () => {
    const broken = 'apiVersion: threehops.dev/v1alpha1\nspec:\n\t- x\n';
    expect(given('a.yaml', broken).problems).toMatchObject([{ line: 3, severity: 'Error' }]);
    const helm = { path: 'values.yaml', text: 'a: {{ .Values.x }}: 1\n', named: false };
    expect(judge([helm], 'default').problems).toEqual([]);
    expect(judge([{ ...helm, named: true }], 'default').problems).toHaveLength(1);
  });

  test('is shown by GitHub beside its line, whatever stands in it', () => {
    const problem = { file: 'a,b.yaml', line: 3, column: 5, severity: 'Error' as const, message: '50% : bad\nnext' };
    expect(asWorkflowCommand({ ...problem, object: 'Skill a/b', field: 'spec.x' })).toBe(
      '::error file=a%2Cb.yaml,line=3,col=5,title=Skill a/b::spec.x: 50%25 : bad%0Anext',
    );
  });
});

describe('Secrets that are declared beside a map', () => {
  const secret = (metadata: string) => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: redis, ${metadata}}\n`;
  const map = `apiVersion: threehops.dev/v1alpha1
kind: ServiceTopology
metadata: { name: shop }
spec:
  service: shop
  self: [{ name: cache, type: cache, skill: redis, with: { host: redis.staging.example.com } }]
  credentials: [{ skill: redis, access: Read, secretRef: { name: redis } }]
`;
  const told = (metadata: string) => given('a.yaml', map + secret(metadata)).problems.map(asText);

  test('carry the label and say their hosts', () => {
    const hosts = 'threehops.dev/allowed-hosts: redis.staging.example.com';
    expect(told(`labels: {threehops.dev/use: 'true'}, annotations: {${hosts}}`)).toEqual([]);
    expect(told('labels: {app: shop}')).toEqual([
      "a.yaml:11:1: error: metadata: lacks the label threehops.dev/use: 'true'",
      'a.yaml:11:1: error: metadata: names no host in its annotation threehops.dev/allowed-hosts',
    ]);
    expect(told('namespace: elsewhere')).toEqual([]);
  });
});

describe('the map of the article, pasted as spec', () => {
  test('names node by node what its skill lacks, each at the line of the node', () => {
    const { problems } = given('map.json', articleMap);
    const nodes = [...articleMap.matchAll(/"name": "([^"]+)", "type"/g)].map(([, name]) => name);
    expect(nodes).toHaveLength(7);
    expect(problems.map(({ field, line, message }) => [field, line, message])).toEqual([
      ['spec.upstream[api-gateway].with.url', 8, 'is missing'],
      ['spec.upstream[frontend-app].with.url', 9, 'is missing'],
      ['spec.downstream[postgresql].with', 12, expect.stringContaining('says not where it is')],
      ['spec.downstream[redis].with', 13, 'needs one of cacheClusterId, replicationGroupId, host, url'],
      ['spec.downstream[sqs-payments].with', 14, 'needs one of queueUrl, queueName'],
      ['spec.downstream[lambda-worker].with.functionName', 15, 'is missing'],
      ['spec.downstream[notification-svc].with.url', 16, 'is missing'],
    ]);
  });
});

describe('the command and the status of a map', () => {
  test('name the same nodes as those that cannot be looked at', async () => {
    const files = await readSources([join(fixtures, 'broken'), join(root, 'manifests/samples')], signal);
    const { kustomized, namespace } = { kustomized: kustomizedBy([]), namespace: 'default' };
    const kinds = readKinds();
    const objects = files
      .flatMap((file) => documentsIn(file).documents)
      .filter((document) => isOurs(document) && kinds.has(String(document.value['kind'])))
      .map((document) => {
        const kind = kinds.get(String(document.value['kind']));
        return {
          ...declared(document, kind, { kustomized, namespace }),
          readable: document.value['spec'] !== undefined,
        };
      });
    const world = worldOf(objects);
    const maps = objects.filter(
      ({ kind, readable, file }) => kind === 'ServiceTopology' && readable && !file.endsWith('shapes.yaml'),
    );
    expect(maps.length).toBeGreaterThan(6);
    for (const map of maps) {
      const topology = objectOf<ServiceTopology>(map);
      const { nodes = [] } = topologyStatus(
        topology,
        resolveGraph(topology, world.source, world.skills),
        undefined,
        new Date(0),
      );
      const bad = nodes.filter(({ problem }) => problem !== undefined).map(({ name }) => name);
      const told = nodeFaults(topology, world)
        // What may be somewhere else is a warning here and a problem in a cluster; where a node is said to be is none of the status'.
        .filter(({ severity, pointer }) => severity === 'Error' || pointer.endsWith('/topologyRef'))
        .map(({ pointer }) => nodeAt(topology, pointer));
      expect([...new Set(told)].toSorted(), `${map.file}`).toEqual(bad.toSorted());
    }
  });

  function nodeAt({ spec }: ServiceTopology, pointer: string): string {
    const [, , list = '', index = ''] = pointer.split('/');
    return spec[list as 'self' | 'upstream' | 'downstream']?.[Number(index)]?.name ?? pointer;
  }
});

describe('on a terminal', () => {
  test('what is longer than a line goes on below, indented', () => {
    const line = given('map.json', articleMap).problems.map(asText)[2] ?? '';
    expect(line.length).toBeGreaterThan(80);
    const lines = wrapped(line, 80, '    ');
    expect(lines.map(({ length }) => length <= 80)).toEqual(lines.map(() => true));
    expect(lines.slice(1).every((one) => one.startsWith('    '))).toBe(true);
    expect(lines.map((one) => one.trim()).join(' ')).toBe(line);
  });
});

describe('what is fine', () => {
  test('all samples', async () => {
    const judgement = await judged(join(root, 'manifests/samples'));
    expect(judgement.problems.map(asText)).toEqual([]);
    expect(judgement.objects).toBeGreaterThan(6);
    expect(summaryOf(judgement)).toMatch(/^0 errors, 0 warnings in \d+ objects of \d+ files; \d+ others passed over$/);
  });

  test('what a Skill of the same namespace describes; not of another one', async () => {
    const kafka = readFileSync(join(root, 'manifests/samples/kafka.yaml'), 'utf8');
    expect(given('kafka.yaml', kafka, 'shop').problems).toEqual([]);
    const apart = kafka.replace('  name: receipts\n', '  name: receipts\n  namespace: elsewhere\n');
    expect(given('kafka.yaml', apart).problems.map(asText)).toEqual([
      expect.stringMatching(
        /^kafka\.yaml:\d+:7: error: spec\.upstream\[payments-events\]\.skill: unknown skill kafka-lag$/,
      ),
    ]);
  });

  test('the patches of a kustomization are no objects, and its namespace is that of its folder', async () => {
    const judgement = await judged(join(fixtures, 'whole'));
    expect(judgement.problems.map(asText)).toEqual([]);
    expect(judgement).toMatchObject({ objects: 3, skipped: 4 });
  });

  test('files are named as they were asked for', async () => {
    const path = relative(process.cwd(), join(fixtures, 'broken'));
    const { problems } = await judged(path);
    expect(problems.every(({ file }) => file.startsWith(path))).toBe(true);
  });
});
