import { createServer, type Server } from 'node:http';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { listenUntil } from '../parts/listen.ts';
import type { MapRole, ServiceRole } from './names.ts';
import type { World } from './world.ts';

/** Ten nodes that have nothing to do with any fault: nine that are well, and one elsewhere that is as ill as a node can be. */
export interface Decoys {
  /** What a service calls or feeds. */
  readonly below: Readonly<Record<Exclude<ServiceRole, 'frontend'>, readonly TopologyNode[]>>;
  /** A caller of a service that nobody's users come through: what ails it reaches none of them. */
  readonly above: Partial<Record<ServiceRole, readonly TopologyNode[]>>;
}

const healthy = {
  gateway: ['catalogue', 'search', 'recommendations'],
  payments: ['feature-flags', 'fraud-scores'],
  settlement: ['tax-rates', 'exchange-rates'],
  notification: ['newsletter'],
} as const;
const decoyQueue = 'audit-trail';
/** The one that is ill. */
export const illDecoy = 'back-office';
export const decoyNames: readonly string[] = [...Object.values(healthy).flat(), decoyQueue, illDecoy];

/** Starts what the decoys look at; it ends with the signal. The ill one stands apart from the service `about` which the session is. */
export async function startDecoys(world: World, about: MapRole, signal: AbortSignal): Promise<Decoys> {
  const well = async (role: keyof typeof healthy): Promise<readonly TopologyNode[]> =>
    Promise.all(healthy[role].map((name) => node(name, 200, signal)));
  const backOffice = await node(illDecoy, 500, signal);
  await world.sqs.send(new CreateQueueCommand({ QueueName: decoyQueue }));
  const queue = { name: decoyQueue, type: 'queue', skill: 'aws-sqs', with: { queueName: decoyQueue } };
  return {
    below: {
      gateway: await well('gateway'),
      payments: [...(await well('payments')), queue],
      settlement: await well('settlement'),
      notification: await well('notification'),
    },
    above: { [about === 'notification' ? 'settlement' : 'notification']: [backOffice] },
  };
}

async function node(name: string, status: number, signal: AbortSignal): Promise<TopologyNode> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: status < 400 }));
  });
  const port = await listenUntil(server, signal);
  return { name, type: 'http', skill: 'http-health', with: { url: `http://127.0.0.1:${port}/health` } };
}
