import { createServer, type Server } from 'node:http';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import { listenUntil } from '../parts/listen.ts';
import type { MapRole, ServiceRole } from './names.ts';
import type { World } from './world.ts';

/** Nodes that have nothing to do with any fault: five that are well, and one elsewhere that is as ill as a node can be. */
export interface Decoys {
  readonly gateway: readonly TopologyNode[];
  readonly payments: readonly TopologyNode[];
  readonly settlement: readonly TopologyNode[];
  /** A caller of a service that nobody's users come through: what ails it reaches none of them. */
  readonly above: Partial<Record<ServiceRole, readonly TopologyNode[]>>;
}

const healthy = ['catalogue', 'search', 'feature-flags', 'tax-rates'] as const;
const decoyQueue = 'audit-trail';
/** The one that is ill. */
export const illDecoy = 'back-office';
export const decoyNames: readonly string[] = [...healthy, decoyQueue, illDecoy];

/** Starts what the decoys look at; it ends with the signal. The ill one stands apart from the service `about` which the session is. */
export async function startDecoys(world: World, about: MapRole, signal: AbortSignal): Promise<Decoys> {
  const [catalogue, search, flags, tax] = await Promise.all(healthy.map((name) => node(name, 200, signal)));
  const backOffice = await node(illDecoy, 500, signal);
  await world.sqs.send(new CreateQueueCommand({ QueueName: decoyQueue }));
  const queue = { name: decoyQueue, type: 'queue', skill: 'aws-sqs', with: { queueName: decoyQueue } };
  return {
    gateway: present([catalogue, search]),
    payments: present([flags, queue]),
    settlement: present([tax]),
    above: { [about === 'notification' ? 'settlement' : 'notification']: present([backOffice]) },
  };
}

function present(nodes: readonly (TopologyNode | undefined)[]): readonly TopologyNode[] {
  return nodes.filter((candidate) => candidate !== undefined);
}

async function node(name: string, status: number, signal: AbortSignal): Promise<TopologyNode> {
  const server: Server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: status < 400 }));
  });
  const port = await listenUntil(server, signal);
  return { name, type: 'http', skill: 'http-health', with: { url: `http://127.0.0.1:${port}/health` } };
}
