import { EcsError } from '../protocol/ecs-error.ts';
import { nameIn, type Arns } from './arns.ts';
import type { ClusterRecord, ServiceRecord, TaskDefinitionRecord, TaskRecord } from './records.ts';

/** All that the endpoint knows. Nothing of it outlives the process. */
export class World {
  readonly arns: Arns;
  readonly clusters = new Map<string, ClusterRecord>();
  readonly #families = new Map<string, TaskDefinitionRecord[]>();

  constructor(arns: Arns) {
    this.arns = arns;
  }

  /** Throws ClusterNotFoundException. Without a name it is the cluster `default`, as in ECS. */
  cluster(arnOrName: string | undefined): ClusterRecord {
    const cluster = this.clusters.get(nameIn(arnOrName ?? 'default'));
    if (cluster?.status !== 'ACTIVE') throw new EcsError('ClusterNotFoundException', 'Cluster not found.');
    return cluster;
  }

  /** Throws ClusterNotFoundException, ServiceNotFoundException. */
  service(cluster: string | undefined, arnOrName: string): ServiceRecord {
    const service = this.cluster(cluster ?? clusterOf(arnOrName)).services.get(nameIn(arnOrName));
    if (service === undefined) throw new EcsError('ServiceNotFoundException', 'Service not found.');
    return service;
  }

  *services(): Iterable<ServiceRecord> {
    for (const cluster of this.clusters.values()) yield* cluster.services.values();
  }

  *tasks(): Iterable<TaskRecord> {
    for (const cluster of this.clusters.values()) yield* cluster.tasks.values();
  }

  tasksOf(service: ServiceRecord): TaskRecord[] {
    return [...service.cluster.tasks.values()].filter((task) => task.service === service);
  }

  families(): string[] {
    return [...this.#families.keys()].toSorted();
  }

  revisions(family: string): readonly TaskDefinitionRecord[] {
    return this.#families.get(family) ?? [];
  }

  addRevision(record: TaskDefinitionRecord): void {
    const revisions = this.#families.get(record.family);
    if (revisions === undefined) this.#families.set(record.family, [record]);
    else revisions.push(record);
  }

  /** `family` (its newest active revision), `family:revision` or an ARN; undefined when there is no such one. */
  taskDefinition(reference: string): TaskDefinitionRecord | undefined {
    const [family = '', revision] = nameIn(reference).split(':');
    const revisions = this.revisions(family);
    if (revision === undefined) return revisions.findLast((record) => record.status === 'ACTIVE');
    return revisions.find((record) => record.revision === Number(revision));
  }
}

/** `arn:aws:ecs:region:account:service/CLUSTER/name`, whose cluster counts when the request names none. */
function clusterOf(arnOrName: string): string | undefined {
  const path = arnOrName.split('/');
  return path.length === 3 ? path[1] : undefined;
}
