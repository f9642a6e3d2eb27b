import type { JsonObject } from '../../api/json.ts';
import type { Graph, GraphNode } from '../../evidence/bundle.ts';
import type { Peer } from '../../evidence/finding.ts';
import { bareHost, urlHost } from '../../../skills/lib/peers.ts';

/** What a graph knows of names: whoever goes by one of them is on the map. */
export interface Declared {
  readonly words: ReadonlySet<string>;
  /** Services' own: their parts begin with them. */
  readonly services: readonly string[];
  /** Ports of systems that a node is for and does not say where they are. */
  readonly anywhere: ReadonlySet<number>;
}

export function declaredIn({ nodes }: Pick<Graph, 'nodes'>): Declared {
  const words = nodes.flatMap((node) => [node.name, node.service, mapName(node), ...wordsIn(node.with)]);
  return {
    words: new Set(words.flatMap(variants)),
    services: [...new Set(nodes.map(({ service }) => plain(service.split('.').at(-1) ?? service)))],
    anywhere: new Set(nodes.flatMap(portsOf)),
  };
}

function mapName({ topology }: GraphNode): string {
  return topology.split('/')[1] ?? '';
}

/** Every text in a node's parameters, and the hosts within. */
function wordsIn(value: JsonObject[string]): readonly string[] {
  if (typeof value === 'string') return [value, urlHost(value)?.name ?? '', value.split(/[:/]/).at(-1) ?? ''];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(wordsIn);
}

const systems: Readonly<Record<string, readonly number[]>> = {
  postgres: [5432],
  redis: [6379],
  'aws-elasticache': [6379],
};

/** Where its Secret says where it is, any such system may be it. */
function portsOf({ skill, with: given }: GraphNode): readonly number[] {
  const known = given['host'] !== undefined || given['url'] !== undefined;
  return known ? [] : (systems[skill] ?? []);
}

/** Names of one thing: with its domain and without, whatever stands between its words. */
function variants(word: string): readonly string[] {
  if (word === '' || word.length > 253) return [];
  const name = bareHost(word)?.name ?? word.toLowerCase();
  return [plain(name), plain(name.split('.')[0] ?? name)];
}

function plain(word: string): string {
  return word
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** In doubt it is declared: a wrong word about a map costs more than a missing one. */
export function isDeclared(
  { name, port }: Pick<Peer, 'name' | 'port'>,
  { words, services, anywhere }: Declared,
): boolean {
  if (port !== undefined && anywhere.has(port)) return true;
  const [whole = '', first = ''] = variants(name);
  if (words.has(whole) || words.has(first)) return true;
  return services.some((service) => first.startsWith(`${service}-`) || first.endsWith(`-${service}`));
}
