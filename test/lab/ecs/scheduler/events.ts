import { randomUUID } from 'node:crypto';
import type { ServiceRecord, TaskRecord } from '../model/records.ts';

/** ECS shows the last hundred. */
const kept = 100;

/** Adds an event in ECS's form: `(service NAME) ` and the sentence. */
export function addEvent(service: ServiceRecord, sentence: string): void {
  const event = { id: randomUUID(), createdAt: new Date(), message: `(service ${service.name}) ${sentence}` };
  service.events = [event, ...service.events].slice(0, kept);
}

export function tellStarted(service: ServiceRecord, tasks: readonly TaskRecord[]): void {
  if (tasks.length > 0) addEvent(service, `has started ${tasks.length} tasks: ${listed(tasks)}.`);
}

export function tellStopped(service: ServiceRecord, tasks: readonly TaskRecord[]): void {
  if (tasks.length > 0) addEvent(service, `has stopped ${tasks.length} running tasks: ${listed(tasks)}.`);
}

function listed(tasks: readonly TaskRecord[]): string {
  return tasks.map(({ id }) => `(task ${id})`).join(' ');
}
