import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export type Decision = 'Approved' | 'Rejected';

export type DecideCommand = { readonly kind: 'Help' } | ({ readonly kind: 'Decide' } & DecideOrders);

export interface DecideOrders {
  /** Of an Approval, or of a session that waits for one. */
  readonly name: string;
  readonly kubeconfig?: string;
  /** The context's own where absent. */
  readonly namespace?: string;
  readonly reason?: string;
  /** For an Escalation: how many more iterations. */
  readonly iterations?: number;
  /** Without a question. */
  readonly yes: boolean;
}

const options = {
  namespace: { type: 'string', short: 'n' },
  reason: { type: 'string' },
  iterations: { type: 'string' },
  yes: { type: 'boolean', short: 'y', default: false },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const usage = `Usage: threehops approve NAME [--reason TEXT] [options]
       threehops reject NAME --reason TEXT [options]

Decides an Approval in your own name, once and for good. NAME is the Approval's,
or that of a session that waits for one. First it shows exactly what is decided:
the act as it was frozen, its dry run, the evidence, and who could suffer from it
by the map; then it asks. The reason goes into the session's history: of a
rejection, the next diagnosis reads it.

      --reason TEXT      why; a rejection needs one
      --iterations N     of an Escalation that is approved: how many more (1)
  -y, --yes              without a question, for scripts
  -n, --namespace NAME   the context's own without it
      --kubeconfig FILE  kubectl's usual one without it

You need the verb approve on approvals.threehops.dev, and may not be who asked for
the session. The whole act and its evidence are shown to who may read evidences
(role threehops-evidence-reader), their summary to all others.`;

/** @throws UsageError */
export function readArguments(argv: readonly string[], decision: Decision): DecideCommand {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'Help' };
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError('which one? Name an Approval, or a session that waits for one');
  if (more.length > 0) throw new UsageError(`one at a time, not also ${more.join(', ')}`);
  const { namespace, reason, iterations, kubeconfig, yes } = values;
  if (decision === 'Rejected') assertRejection(values);
  return {
    kind: 'Decide',
    name,
    yes,
    ...(reason === undefined ? {} : { reason }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(iterations === undefined ? {} : { iterations: countIn(iterations) }),
  };
}

function assertRejection({
  reason = '',
  iterations,
}: {
  readonly reason?: string;
  readonly iterations?: string;
}): void {
  if (reason.trim() === '') throw new UsageError('a rejection needs a --reason');
  if (iterations !== undefined) throw new UsageError('--iterations is for approving');
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The bounds are the CRD's. */
function countIn(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > 20) throw new UsageError(`--iterations wants a number from 1 to 20, not ${text}`);
  return count;
}
