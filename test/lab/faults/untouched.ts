import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import type { Lab } from '../world/lab.ts';
import type { Judgement } from './fault.ts';
import { allHold, trafficIsServed, usersAreServed } from './judge.ts';

const before = new WeakMap<Lab, string>();

/** Waits until users are served, and notes how the lab stands. */
export async function noteWell(lab: Lab): Promise<void> {
  await lab.until('some healthy traffic', () => trafficIsServed(lab));
  await noteState(lab);
}

/** Users are served, and nothing has been touched since `noteWell`. */
export function wellAndUntouched(lab: Lab): Promise<Judgement> {
  return allHold(
    () => nothingTouched(lab),
    () => usersAreServed(lab),
  );
}

/** Notes how the lab stands, for `nothingTouched`. */
async function noteState(lab: Lab): Promise<void> {
  before.set(lab, await stateOf(lab));
}

/** Whether nobody has written anything since `noteState`: no push, pull request or rerun, no deployment, no setting of a service. */
async function nothingTouched(lab: Lab): Promise<Judgement> {
  const now = await stateOf(lab);
  const healed = before.get(lab) === now;
  return {
    healed,
    seen: healed ? 'nothing was touched' : `touched: ${before.get(lab) ?? 'never noted'} became ${now}`,
  };
}

async function stateOf({ ecsClient, forge, names, roles }: Lab): Promise<string> {
  const services = roles.map((role) => names[role]);
  const described = await ecsClient.send(new DescribeServicesCommand({ cluster: names.cluster, services }));
  const deployed = (described.services ?? []).map(({ serviceName, desiredCount, deployments = [] }) => ({
    serviceName,
    desiredCount,
    deployments: deployments.map(({ id, taskDefinition }) => ({ id, taskDefinition })),
  }));
  return JSON.stringify({ forge: forge.counters, deployed });
}
