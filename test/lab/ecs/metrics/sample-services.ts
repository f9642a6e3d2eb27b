import type { ServiceRecord, TaskRecord } from '../model/records.ts';
import type { World } from '../model/world.ts';
import type { EcsTiming } from '../options.ts';
import { readProcess } from '../runtime/memory/processes.ts';
import type { TaskRunner } from '../runtime/task-runner.ts';
import type { MetricPoint } from './metric-point.ts';

/** Clock ticks a second on Linux, and CPU units a core in ECS. */
const ticksPerSecond = 100;
const unitsPerCore = 1024;
const mebibyte = 1024 * 1024;

interface Reading {
  readonly ticks: number;
  readonly at: number;
}

/**
 * Measures the running tasks of every service each `metricsEveryMs`, as ECS does for a service: memory used of memory asked for, CPU used
 * of the units asked for (of a whole core where none are).
 */
export function sampleServices(
  world: World,
  runner: TaskRunner,
  sink: ((points: readonly MetricPoint[]) => void) | undefined,
  timing: EcsTiming,
): { close(): void } {
  if (sink === undefined) return { close: () => undefined };
  const readings = new WeakMap<TaskRecord, Reading>();
  const timer = setInterval(() => {
    const points = [...world.services()].flatMap((service) => sampleService(world, runner, service, readings));
    if (points.length > 0) sink(points);
  }, timing.metricsEveryMs);
  return { close: () => clearInterval(timer) };
}

function sampleService(
  world: World,
  runner: TaskRunner,
  service: ServiceRecord,
  readings: WeakMap<TaskRecord, Reading>,
): MetricPoint[] {
  const running = world.tasksOf(service).filter((task) => task.lastStatus === 'RUNNING');
  const memory = running.map((task) => memoryPercent(task, runner)).filter((value) => value !== undefined);
  const cpu = running.map((task) => cpuPercent(task, runner, readings)).filter((value) => value !== undefined);
  return [point(service, 'MemoryUtilization', memory), point(service, 'CPUUtilization', cpu)].filter(
    ({ values }) => values.length > 0,
  );
}

function point(service: ServiceRecord, metricName: MetricPoint['metricName'], values: readonly number[]): MetricPoint {
  const dimensions = { ClusterName: service.cluster.name, ServiceName: service.name };
  return { namespace: 'AWS/ECS', metricName, dimensions, timestamp: new Date(), unit: 'Percent', values };
}

function memoryPercent(task: TaskRecord, runner: TaskRunner): number | undefined {
  const limitMiB = taskLimit(task, 'memory');
  if (limitMiB === 0) return undefined;
  const used = runner
    .containersOf(task)
    .map(({ start }) => (start.record.lastStatus === 'RUNNING' ? start.memory.usageBytes() : 0));
  return (100 * sum(used)) / (limitMiB * mebibyte);
}

function cpuPercent(task: TaskRecord, runner: TaskRunner, readings: WeakMap<TaskRecord, Reading>): number | undefined {
  const pids = runner
    .containersOf(task)
    .flatMap(({ start }) => (start.record.lastStatus === 'RUNNING' ? start.memory.pids() : []));
  const now = { ticks: sum(pids.map((pid) => readProcess(pid)?.cpuTicks ?? 0)), at: performance.now() };
  const before = readings.get(task);
  readings.set(task, now);
  if (before === undefined) return undefined;
  const seconds = (now.at - before.at) / 1000;
  const cores = (taskLimit(task, 'cpu') || unitsPerCore) / unitsPerCore;
  return Math.max(0, (100 * (now.ticks - before.ticks)) / ticksPerSecond / seconds / cores);
}

/** The task's own figure, else the sum of its containers'; 0 when neither says. */
function taskLimit({ taskDefinition }: TaskRecord, what: 'cpu' | 'memory'): number {
  const own = taskDefinition.definition[what];
  if (own !== undefined) return Number(own);
  return sum(taskDefinition.containers.map((container) => container[what] ?? container.memoryReservation ?? 0));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
