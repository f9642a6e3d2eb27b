import { describe, expect, it } from 'vitest';
import { arnsOf } from './model/arns.ts';
import { World } from './model/world.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './model/records.ts';
import { createCluster } from './operations/clusters.ts';
import type { OperationContext } from './operations/context.ts';
import { createService, updateService } from './operations/services.ts';
import { registerTaskDefinition } from './operations/task-definitions.ts';
import { ecsBreakerBounds } from './options.ts';
import { thresholdOf } from './scheduler/circuit-breaker.ts';
import { addTask } from './scheduler/new-task.ts';
import { planService } from './scheduler/plan.ts';

const now = 1_000_000;

/** A service at work: `older` tasks of a completed deployment, and a new deployment when there is an older one. */
function serviceWith(desiredCount: number, percents: { minimumHealthyPercent?: number; maximumPercent?: number } = {}) {
  const world = new World(arnsOf('eu-central-1', '123456789012'));
  const context: OperationContext = {
    world,
    breakerBounds: ecsBreakerBounds,
    stopTask: () => undefined,
    wake: () => undefined,
  };
  createCluster(context, { clusterName: 'lab' });
  registerTaskDefinition(context, {
    family: 'web',
    containerDefinitions: [{ name: 'app', image: 'app:1', memory: 64 }],
  });
  const input = { cluster: 'lab', serviceName: 'web', taskDefinition: 'web', desiredCount };
  createService(context, { ...input, deploymentConfiguration: percents });
  const service = world.service('lab', 'web');
  const add = (deployment: DeploymentRecord, isReady: boolean): TaskRecord => {
    const task = addTask(world.arns, service, deployment);
    task.readySince = isReady ? now - 5000 : undefined;
    task.steady = isReady;
    return task;
  };
  const redeploy = (): DeploymentRecord => {
    primaryOf(service).completedOnce = true;
    updateService(context, { cluster: 'lab', service: 'web', forceNewDeployment: true });
    return primaryOf(service);
  };
  const plan = () => {
    const { start, stop } = planService(service, world.tasksOf(service), now);
    return { start: start.map(({ deployment, count }) => [deployment.status, count]), stop };
  };
  return { service, add, redeploy, plan };
}

function primaryOf(service: ServiceRecord): DeploymentRecord {
  const [primary] = service.deployments;
  if (primary === undefined) throw new Error('the service has no deployment');
  return primary;
}

describe('the next step of a service', () => {
  it('starts what is missing', () => {
    expect(serviceWith(3).plan()).toEqual({ start: [['PRIMARY', 3]], stop: [] });
  });

  it('starts nothing before the pause after a failure is over', () => {
    const { service, plan } = serviceWith(1);
    primaryOf(service).startNotBefore = now + 1;
    expect(plan().start).toEqual([]);
  });

  it('keeps old tasks until new ones are steady, then stops as many', () => {
    const { service, add, redeploy, plan } = serviceWith(2);
    const old = [add(primaryOf(service), true), add(primaryOf(service), true)];
    const primary = redeploy();
    expect(plan()).toEqual({ start: [['PRIMARY', 2]], stop: [] });
    const first = add(primary, false);
    add(primary, false);
    expect(plan()).toEqual({ start: [], stop: [] });
    first.readySince = now;
    first.steady = true;
    expect(plan()).toEqual({ start: [], stop: [old[0]] });
  });

  it('makes room first where maximumPercent leaves none, but not below minimumHealthyPercent', () => {
    const { service, add, redeploy, plan } = serviceWith(2, { minimumHealthyPercent: 50, maximumPercent: 100 });
    const old = [add(primaryOf(service), true), add(primaryOf(service), true)];
    redeploy();
    expect(plan()).toEqual({ start: [], stop: [old[0]] });
  });

  it('gives up broken old tasks before working ones', () => {
    const { service, add, redeploy, plan } = serviceWith(2);
    add(primaryOf(service), true);
    const broken = add(primaryOf(service), false);
    add(redeploy(), true);
    expect(plan()).toEqual({ start: [['PRIMARY', 1]], stop: [broken] });
  });

  it('replaces an old task that ended while the new deployment is not there yet', () => {
    const { service, add, redeploy, plan } = serviceWith(2);
    add(primaryOf(service), true);
    const primary = redeploy();
    add(primary, false);
    add(primary, false);
    expect(plan()).toEqual({ start: [['ACTIVE', 1]], stop: [] });
  });

  it('starts nothing of a FAILED deployment', () => {
    const { service, plan } = serviceWith(2);
    primaryOf(service).rolloutState = 'FAILED';
    expect(plan()).toEqual({ start: [], stop: [] });
  });

  it('stops the youngest and the broken when scaled in, and all at zero', () => {
    const { service, add, plan } = serviceWith(3);
    const [first, broken, last] = [true, false, true].map((isReady) => add(primaryOf(service), isReady));
    service.desiredCount = 1;
    expect(plan().stop).toEqual([broken, last]);
    service.desiredCount = 0;
    expect(plan().stop).toEqual([first, broken, last]);
  });
});

describe('the circuit breaker’s threshold', () => {
  const thresholds = (desiredCount: number, type?: 'COUNT' | 'UNBOUNDED_PERCENT', value = 50): number => {
    const { service } = serviceWith(desiredCount);
    const thresholdConfiguration = type === undefined ? undefined : { type, value };
    service.configuration = { deploymentCircuitBreaker: { enable: true, rollback: true, thresholdConfiguration } };
    return thresholdOf(service, ecsBreakerBounds);
  };

  it('is half of the desired count, from 3 to 200, unless the service says otherwise', () => {
    expect([1, 6, 9, 1000].map((desired) => thresholds(desired))).toEqual([3, 3, 5, 200]);
    expect(thresholds(1000, 'UNBOUNDED_PERCENT', 40)).toBe(400);
    expect(thresholds(10, 'COUNT', 7)).toBe(7);
  });
});
