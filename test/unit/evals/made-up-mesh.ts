import { seeded } from '../../helpers/random.ts';
import { put } from './made-up.ts';

/** What goes wrong at one service; what its callers notice of it follows. */
export type MeshFault = 'cpu' | 'mem' | 'disk' | 'delay';

const services = ['web', 'cart', 'order', 'pay', 'stock', 'ship', 'user', 'mail'] as const;
type Service = (typeof services)[number];
const calls: Readonly<Partial<Record<Service, readonly Service[]>>> = {
  web: ['cart', 'order', 'user'],
  cart: ['stock'],
  order: ['pay', 'ship', 'stock'],
  ship: ['mail'],
};
const normalSeconds = 600;
const anomalousSeconds = 300;

export interface Mesh {
  readonly normal: string;
  readonly anomalous: string;
}

/** A made-up mesh, a row a second: at the fault's service time is lost, which its callers wait for, and they are called less. */
export function meshOf(faulty: Service, fault: MeshFault, seed: number): Mesh {
  const next = seeded(seed);
  const columns = services.flatMap((name) => metricsOf(name, faulty, fault, next));
  const own = new Map(services.map((name) => [name, ownLatency(name === faulty, fault, next)] as const));
  const latency = (name: Service, second: number): number =>
    (calls[name] ?? []).reduce((sum, callee) => sum + latency(callee, second), own.get(name)?.[second] ?? 0);
  const header = ['time', ...columns.map(({ column }) => column), ...services.map((name) => `${name}_latency`)];
  const rows = Array.from({ length: normalSeconds + anomalousSeconds }, (_, second) => [
    second,
    ...columns.map(({ valueAt }) => valueAt(second - normalSeconds).toPrecision(6)),
    ...services.map((name) => latency(name, second).toPrecision(6)),
  ]);
  const text = (from: number, to?: number): string => [header, ...rows.slice(from, to)].join('\n');
  return { normal: text(0, normalSeconds), anomalous: text(normalSeconds) };
}

/** What a service itself needs for a call, by the second. */
function ownLatency(isFaulty: boolean, fault: MeshFault, next: () => number): readonly number[] {
  const level = 0.02 + 0.05 * next();
  const noise = driftingNoise(next);
  return Array.from({ length: normalSeconds + anomalousSeconds }, (_, second) => {
    const isLost = isFaulty && second >= normalSeconds + lagOf(fault);
    return level * noise() + (isLost ? 0.2 : 0);
  });
}

/** The harm of memory that fills up comes later than that of the rest. */
function lagOf(fault: MeshFault): number {
  return fault === 'mem' ? 60 : 1;
}

/** A folder for each service that the fault is at, named as RCAEval names its folders. */
export function putMeshes(folder: string, fault: MeshFault, at: readonly Service[] = services): void {
  for (const [index, service] of at.entries()) {
    const { normal, anomalous } = meshOf(service, fault, index + 1);
    put(folder, `${service}_${fault}/1/normal.csv`, normal);
    put(folder, `${service}_${fault}/1/anomalous.csv`, anomalous);
  }
}

interface Column {
  readonly column: string;
  /** @param second negative before the fault */
  readonly valueAt: (second: number) => number;
}

function metricsOf(name: Service, faulty: Service, fault: MeshFault, next: () => number): readonly Column[] {
  const isFaulty = name === faulty;
  const hops = hopsTo(name, faulty);
  const [level, size] = [0.5 + next(), 1 + Math.floor(next() * 5)];
  const noise = driftingNoise(next);
  const since = (second: number, after: number): number => (second >= after ? 1 : 0);
  const own = (kind: MeshFault, second: number): number => (isFaulty && fault === kind ? since(second, 0) : 0);
  const less = (second: number): number => (hops === undefined ? 1 : 1 - 0.3 * since(second, lagOf(fault) + hops));
  return [
    { column: `${name}_cpu`, valueAt: (s) => 0.1 * level * size * noise() * less(s) + own('cpu', s) },
    {
      column: `${name}_mem`,
      valueAt: (s) => 200 * size * (1 + 0.02 * (noise() - 1)) + own('mem', s) * Math.min(400, 4 * s),
    },
    { column: `${name}_diskio`, valueAt: (s) => 5 * level * noise() + own('disk', s) * 60 },
    { column: `${name}_workload`, valueAt: (s) => 100 * level * noise() * less(s) },
    { column: `${name}_error`, valueAt: () => (next() < 0.01 ? 1 : 0) },
  ];
}

/** How many calls away the one that suffers is; undefined where it does not. */
function hopsTo(from: Service, to: Service): number | undefined {
  if (from === to) return 0;
  const ways = (calls[from] ?? []).flatMap((callee) => hopsTo(callee, to) ?? []);
  return ways.length === 0 ? undefined : 1 + Math.min(...ways);
}

/** Around 1; each value is near the last one, and one in a hundred is far off. */
function driftingNoise(next: () => number): () => number {
  let drift = 0;
  return () => {
    drift = 0.9 * drift + 0.05 * (next() - 0.5);
    const odd = next() < 0.01 ? 1.5 : 1;
    return (1 + drift + 0.2 * (next() - 0.5)) * odd;
  };
}
