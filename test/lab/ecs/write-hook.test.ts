import { DescribeServicesCommand, ListClustersCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, it } from 'vitest';
import type { OnWrite, WritePhase } from './options.ts';
import { clientOf, startTestLab, type TestLab } from './fixtures/lab.ts';

let lab: TestLab | undefined;
afterEach(() => lab?.close());

describe('onWrite', () => {
  it('is awaited on receipt and before the answer of each write, and of no read', async () => {
    const seen: [string, WritePhase][] = [];
    const onWrite: OnWrite = (operation, phase) => void seen.push([operation, phase]);
    lab = await startTestLab({ onWrite });
    await lab.create('web', await lab.register('web'));
    await lab.client.send(new ListClustersCommand({}));
    await lab.service('web');
    expect(seen).toEqual(
      ['CreateCluster', 'RegisterTaskDefinition', 'CreateService'].flatMap((operation) => [
        [operation, 'received'],
        [operation, 'answered'],
      ]),
    );
  });

  it('sees the call not yet applied on receipt, and applied before it is answered', async () => {
    const counts: [WritePhase, number | undefined][] = [];
    const onWrite: OnWrite = async (operation, phase) => {
      if (operation !== 'UpdateService' || lab === undefined) return;
      const other = clientOf(lab.ecs);
      const answer = await other.send(new DescribeServicesCommand({ cluster: 'lab', services: ['web'] }));
      counts.push([phase, answer.services?.[0]?.desiredCount]);
      other.destroy();
    };
    lab = await startTestLab({ onWrite });
    await lab.create('web', await lab.register('web'));
    await lab.client.send(new UpdateServiceCommand({ cluster: 'lab', service: 'web', desiredCount: 0 }));
    expect(counts).toEqual([
      ['received', 1],
      ['answered', 0],
    ]);
  });

  it('applies nothing when it rejects on receipt', async () => {
    const onWrite: OnWrite = (operation) => {
      if (operation === 'CreateService') throw new Error('no');
    };
    lab = await startTestLab({ onWrite });
    const taskDefinition = await lab.register('web');
    await expect(lab.create('web', taskDefinition)).rejects.toMatchObject({ name: 'ServerException' });
    await expect(lab.service('web')).rejects.toThrow('lacks');
  });
});
