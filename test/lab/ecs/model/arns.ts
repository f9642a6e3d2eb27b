import { randomBytes, randomInt } from 'node:crypto';

/** The names of things in one region of one account, in ECS's long form. */
export interface Arns {
  /** The account's root, who did everything here. */
  readonly root: string;
  cluster(name: string): string;
  service(cluster: string, name: string): string;
  task(cluster: string, id: string): string;
  container(cluster: string, task: string, id: string): string;
  taskDefinition(family: string, revision: number): string;
  serviceDeployment(cluster: string, service: string, id: string): string;
  serviceRevision(cluster: string, service: string, id: string): string;
}

export function arnsOf(region: string, accountId: string): Arns {
  const arn = (...path: readonly string[]): string => `arn:aws:ecs:${region}:${accountId}:${path.join('/')}`;
  return {
    root: `arn:aws:iam::${accountId}:root`,
    cluster: (name) => arn('cluster', name),
    service: (cluster, name) => arn('service', cluster, name),
    task: (cluster, id) => arn('task', cluster, id),
    container: (cluster, task, id) => arn('container', cluster, task, id),
    taskDefinition: (family, revision) => arn('task-definition', `${family}:${revision}`),
    serviceDeployment: (cluster, service, id) => arn('service-deployment', cluster, service, id),
    serviceRevision: (cluster, service, id) => arn('service-revision', cluster, service, id),
  };
}

/** The last part of an ARN's path, or the text itself when it is a plain name. */
export function nameIn(arnOrName: string): string {
  return arnOrName.startsWith('arn:') ? (arnOrName.split('/').at(-1) ?? arnOrName) : arnOrName;
}

/** 32 hexadecimal digits, as tasks have. */
export const newTaskId = (): string => randomBytes(16).toString('hex');

/** 19 digits, as deployments and revisions have. */
export function newNumber(): string {
  const digits = Array.from({ length: 18 }, () => randomInt(10));
  return `${randomInt(1, 10)}${digits.join('')}`;
}
