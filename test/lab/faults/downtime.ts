import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Lab } from '../world/lab.ts';

/** Staging has room for one task of payments: the old one ends before the new one starts, as it is with many a staging. */
export async function allowDowntime({ ecsClient, names }: Lab): Promise<void> {
  await ecsClient.send(
    new UpdateServiceCommand({
      cluster: names.cluster,
      service: names.payments,
      deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
    }),
  );
}
