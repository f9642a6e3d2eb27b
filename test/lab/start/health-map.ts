import { cut, type Ink, widthOf } from './ink.ts';

export type NodeHealth = 'Healthy' | 'Degraded' | 'Failing' | 'Unknown' | 'Waiting';

const marks: Readonly<Record<NodeHealth, string>> = {
  Healthy: '●',
  Degraded: '▲',
  Failing: '✖',
  Unknown: '?',
  Waiting: '·',
};

const colours = { Healthy: 'green', Degraded: 'yellow', Failing: 'red', Unknown: 'magenta', Waiting: 'dim' } as const;

export function paintHealth(ink: Ink, health: NodeHealth, text: string): string {
  return ink(health === 'Failing' ? ['bold', 'red'] : colours[health], text);
}

/** A mark that can be told without colours, and the health's own colour. */
export function mark(ink: Ink, health: NodeHealth): string {
  return paintHealth(ink, health, marks[health]);
}

/** The nodes by the service whose map owns them, in the order of the sweep: one line a service, or a few where they do not fit. */
export function mapLines(nodes: ReadonlyMap<string, NodeHealth>, width: number, ink: Ink): readonly string[] {
  const services = new Map<string, (readonly [string, NodeHealth])[]>();
  for (const [id, health] of nodes) {
    const slash = id.indexOf('/');
    const service = slash < 0 ? id : id.slice(0, slash);
    services.set(service, [...(services.get(service) ?? []), [id.slice(slash + 1), health]]);
  }
  const column = Math.min(24, Math.max(0, ...[...services.keys()].map((name) => name.length)) + 2);
  return [...services].flatMap(([service, entries]) => serviceLines(service, entries, { column, width, ink }));
}

interface Frame {
  readonly column: number;
  readonly width: number;
  readonly ink: Ink;
}

function serviceLines(service: string, entries: readonly (readonly [string, NodeHealth])[], frame: Frame): string[] {
  const { column, width, ink } = frame;
  const lines = [cut(service, column - 1).padEnd(column)];
  for (const [name, health] of entries) {
    const entry = `${mark(ink, health)} ${name}  `;
    const last = lines.at(-1) ?? '';
    if (widthOf(last) + widthOf(entry) > width && widthOf(last) > column) lines.push(`${' '.repeat(column)}${entry}`);
    else lines[lines.length - 1] = last + entry;
  }
  return lines.map((line) => line.trimEnd());
}
