import { configure, engineDefaults, family } from './engine.ts';
import { CacheFault, escaped, xml } from './query-protocol.ts';

/** The Redis that every cluster's node is. */
export interface RedisBehind {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

interface Event {
  readonly at: Date;
  readonly type: 'cache-cluster' | 'cache-parameter-group';
  readonly source: string;
  readonly message: string;
}

interface Cluster {
  readonly group: string;
  readonly nodeType: string;
}

type Input = URLSearchParams;

/** What moto lacks of ElastiCache: parameter groups that are in force on the real server, events, and where a node is. */
export class ControlPlane {
  readonly #redis: RedisBehind;
  readonly #groups = new Map<string, Map<string, string>>();
  readonly #clusters = new Map<string, Cluster>();
  readonly #events: Event[] = [];

  constructor(redis: RedisBehind) {
    this.#redis = redis;
  }

  /** By the name of the action; each answers the inside of its result. */
  readonly operations: Readonly<Record<string, (input: Input) => string | Promise<string>>> = {
    CreateCacheParameterGroup: (input) => this.#createGroup(nameIn(input)),
    DescribeCacheParameterGroups: (input) => xml({ CacheParameterGroups: this.#describeGroup(nameIn(input)) }),
    DescribeCacheParameters: (input) => parametersXml(this.#group(nameIn(input))),
    DescribeEngineDefaultParameters: () => xml({ EngineDefaults: parametersXml(new Map()) }),
    ModifyCacheParameterGroup: (input) => this.#modifyGroup(nameIn(input), input),
    DescribeEvents: (input) => xml({ Events: this.#events.filter(askedBy(input)).map(eventXml).join('') }),
  };

  /** A cluster that moto has just created comes into force. */
  async created(input: Input): Promise<void> {
    const id = input.get('CacheClusterId') ?? '';
    const cluster = { group: nameIn(input), nodeType: input.get('CacheNodeType') ?? '' };
    this.#clusters.set(id, cluster);
    await configure(this.#redis.url, cluster.nodeType, new Map([...engineDefaults, ...this.#group(cluster.group)]));
    this.#note('cache-cluster', id, 'Cache cluster created');
  }

  /** Moto's description of clusters, with what it does not tell of them. */
  completed(described: string): string {
    return described.replaceAll(/<CacheClusterId>([^<]*)<\/CacheClusterId>/g, (element, id: string) => {
      const cluster = this.#clusters.get(id);
      return cluster === undefined ? element : element + this.#more(cluster);
    });
  }

  #more({ group }: Cluster): string {
    const endpoint = xml({ Address: this.#redis.host, Port: String(this.#redis.port) });
    const node = xml({ CacheNodeId: '0001', CacheNodeStatus: 'available', Endpoint: endpoint });
    const parameters = xml({ CacheParameterGroupName: group, ParameterApplyStatus: 'in-sync' });
    return xml({ CacheNodes: xml({ CacheNode: node }), CacheParameterGroup: parameters });
  }

  #createGroup(name: string): string {
    this.#groups.set(name, new Map());
    return xml({ CacheParameterGroup: this.#describe(name) });
  }

  #describeGroup(name: string): string {
    this.#group(name);
    return xml({ CacheParameterGroup: this.#describe(name) });
  }

  #describe(name: string): string {
    return xml({ CacheParameterGroupName: name, CacheParameterGroupFamily: family, Description: 'of the lab' });
  }

  async #modifyGroup(name: string, input: Input): Promise<string> {
    const group = this.#group(name);
    const changed = changesIn(input);
    for (const [parameter, value] of changed) {
      if (!engineDefaults.has(parameter)) throw new CacheFault('InvalidParameterValue', `no parameter ${parameter}`);
      group.set(parameter, value);
      this.#note('cache-parameter-group', name, `Updated parameter ${parameter} to ${value}`);
    }
    const using = [...this.#clusters.values()].filter((cluster) => cluster.group === name);
    for (const { nodeType } of using) await configure(this.#redis.url, nodeType, changed);
    return xml({ CacheParameterGroupName: name });
  }

  #group(name: string): Map<string, string> {
    const group = this.#groups.get(name);
    if (group === undefined) throw new CacheFault('CacheParameterGroupNotFound', `there is no group ${name}`);
    return group;
  }

  #note(type: Event['type'], source: string, message: string): void {
    this.#events.push({ at: new Date(), type, source, message });
  }
}

function nameIn(input: Input): string {
  return input.get('CacheParameterGroupName') ?? '';
}

function changesIn(input: Input): ReadonlyMap<string, string> {
  const changes = new Map<string, string>();
  for (let index = 1; ; index += 1) {
    const entry = `ParameterNameValues.ParameterNameValue.${index}`;
    const name = input.get(`${entry}.ParameterName`);
    if (name === null) return changes;
    changes.set(name, input.get(`${entry}.ParameterValue`) ?? '');
  }
}

function parametersXml(group: ReadonlyMap<string, string>): string {
  const all = [...engineDefaults].map(([name, byDefault]) =>
    xml({
      Parameter: xml({
        ParameterName: name,
        ParameterValue: escaped(group.get(name) ?? byDefault),
        Source: group.has(name) ? 'user' : 'system',
        IsModifiable: 'true',
      }),
    }),
  );
  return xml({ Parameters: all.join('') });
}

function askedBy(input: Input): (event: Event) => boolean {
  const time = (name: string, otherwise: number): number => Date.parse(input.get(name) ?? '') || otherwise;
  const [from, to] = [time('StartTime', 0), time('EndTime', Infinity)];
  const [type, source] = [input.get('SourceType'), input.get('SourceIdentifier')];
  return (event) =>
    (type ?? event.type) === event.type &&
    (source ?? event.source) === event.source &&
    event.at.getTime() >= from &&
    event.at.getTime() <= to;
}

function eventXml({ at, type, source, message }: Event): string {
  const fields = { SourceIdentifier: source, SourceType: type, Message: escaped(message), Date: at.toISOString() };
  return xml({ Event: xml(fields) });
}
