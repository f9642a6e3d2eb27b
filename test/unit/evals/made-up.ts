import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seeded } from '../../helpers/random.ts';

const periodSeconds = 300;
const began = 1_700_000_000;
const nodes = ['front_Page', 'middle_Container', 'middle_remote', 'back_Table'] as const;
type Node = (typeof nodes)[number];

/** Writes a file, and the folders that it needs. */
export function put(folder: string, path: string, text: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** A folder of the PetShop form: a front that calls a middle that calls a back, with one slow case for each of the two below. */
export function putShop(folder: string): void {
  const calls: readonly (readonly [Node, readonly Node[]])[] = [
    ['front_Page', ['middle_Container', 'middle_remote']],
    ['middle_Container', ['back_Table']],
    ['middle_remote', []],
    ['back_Table', []],
  ];
  const row = ([from, to]: (typeof calls)[number]): string =>
    [from, ...nodes.map((node) => (to.includes(node) ? 1 : 0))].join(',');
  put(folder, 'graph.csv', lines([['', ...nodes].join(','), ...calls.map(row)]));
  put(folder, 'noissue/metrics.csv', metricsOf(0, 160, {}));
  putCase(folder, 'train/issue_0', 1000, ['front_Page', 'middle_Container'], 'middle_Container');
  putCase(folder, 'test/issue_0', 2000, ['front_Page', 'middle_Container', 'back_Table'], 'back_Table');
}

function putCase(folder: string, name: string, from: number, slow: readonly Node[], node: Node): void {
  const more = Object.fromEntries(slow.map((one) => [one, 0.2]));
  put(folder, `${name}/metrics.csv`, metricsOf(from, 5, more));
  const timestamp = began + (from + 2) * periodSeconds + 10;
  const target = { node: 'front_Page', metric: 'latency', agg: 'Average', timestamp };
  put(folder, `${name}/target.json`, JSON.stringify({ target, root_cause: { node, metric: null } }));
}

/** Seconds of latency, by node more from the third row on; the back has no requests, and every ninth value is missing. */
function metricsOf(from: number, count: number, more: Readonly<Record<string, number>>): string {
  const next = seeded(from + 1);
  const columns = nodes.flatMap((node) =>
    node === 'back_Table'
      ? [[node, 'latency']]
      : [
          [node, 'latency'],
          [node, 'requests'],
        ],
  );
  const rows = Array.from({ length: count }, (_, index) => {
    const cells = columns.map(([node = '', metric], column) => {
      if ((index + column) % 9 === 8) return '';
      return metric === 'requests' ? 1000 : 0.3 + 0.01 * next() + (index >= 2 ? (more[node] ?? 0) : 0);
    });
    return [began + (from + index) * periodSeconds, ...cells].join(',');
  });
  return lines([
    ['microservice', ...columns.map(([node]) => node)].join(','),
    ['metric', ...columns.map(([, metric]) => metric)].join(','),
    ['statistic', ...columns.map(([, metric]) => (metric === 'requests' ? 'Sum' : 'Average'))].join(','),
    ['unix_timestamp', ...columns.map(() => '')].join(','),
    ...rows,
  ]);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join('');
}
