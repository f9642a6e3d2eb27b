import type { Lab } from '../world/lab.ts';
import type { WorldNames } from '../world/names.ts';
import { usualDefinitions, variantFiles } from '../world/repositories.ts';
import type { Preparation } from './fault.ts';

export interface Reconciling {
  /** MiB of a payments task. */
  readonly memory: number;
  /** Payments of one batch, each of which holds 1 MiB until the batch is posted; 1000 without it. */
  readonly batchSize?: number;
  /** Connections of the pool, of each of which a batch takes one; 200 without it. */
  readonly poolSize?: number;
}

/** Payments that reconcile the whole ledger, batch by batch and all batches at once, as their team has set them up. */
export function reconciling(names: WorldNames, { memory, batchSize = 1000, poolSize = 200 }: Reconciling): Preparation {
  const usual = usualDefinitions(names);
  const path = `config/${names.settingsFile}`;
  const files = variantFiles('reconciles-the-ledger', 'payments', names);
  const settings = (files[path] ?? '')
    .replace(/("size": )\d+/, `$1${batchSize}`)
    .replace(/("poolSize": )\d+/, `$1${poolSize}`);
  return {
    definitions: { ...usual, payments: { ...usual.payments, memory } },
    files: (role) => (role === 'payments' ? { ...files, [path]: settings } : {}),
  };
}

/** Payments of another system, none of which is reconciled. */
export async function growLedger({ postgres, names }: Lab, payments: number): Promise<void> {
  await postgres.sql(
    names.database,
    `INSERT INTO ${names.tablePayments} (amount) SELECT 100 FROM generate_series(1, ${payments})`,
  );
}

export async function untilTasksDie(lab: Lab): Promise<void> {
  await lab.until('tasks to die of their memory limit', async () => {
    const stopped = await lab.stoppedTasks('payments');
    return stopped.filter((task) => task.containers?.[0]?.exitCode === 137).length >= 2;
  });
}
