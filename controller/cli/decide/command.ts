import { createInterface } from 'node:readline/promises';
import { approvalResource } from '../../api/generated/approval.ts';
import type { Approval } from '../../api/kinds.ts';
import { systemClock } from '../../kube/clock.ts';
import { KubeClient } from '../../kube/client.ts';
import { contextNamespace, loadKubeConfig } from '../../kube/kube-config.ts';
import { UsageError } from '../usage-error.ts';
import { readArguments, usage, type DecideOrders, type Decision } from './arguments.ts';
import { readQuestion, type Question } from './question.ts';
import { textOf } from './text.ts';
import { ownName } from '../../kube/reviews.ts';

/**
 * Shows what an Approval asks, and decides it in the user's own name.
 * @throws UsageError, NotDecidable, and an ApiError such as the denial of an admission policy
 */
export function decide(decision: Decision): (argv: readonly string[], signal: AbortSignal) => Promise<void> {
  return async (argv, signal) => {
    const command = readArguments(argv, decision);
    if (command.kind === 'Help') {
      console.log(usage);
      return;
    }
    const client = new KubeClient(await loadKubeConfig(command.kubeconfig));
    try {
      await decideBy(client, command, decision, signal);
    } finally {
      await client.close();
    }
  };
}

async function decideBy(
  client: KubeClient,
  orders: DecideOrders,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  const namespace = orders.namespace ?? (await contextNamespace(orders.kubeconfig));
  const now = systemClock.now();
  const question = await readQuestion(client, { namespace, name: orders.name }, now, signal);
  const isEscalation = question.approval.spec.gate === 'Escalation';
  if (orders.iterations !== undefined && !isEscalation) throw new UsageError('--iterations is for an Escalation');
  console.log(textOf(question, now));
  const who = await ownName(client, signal);
  if (!orders.yes && !(await confirmed(question, decision, who, signal))) {
    console.error('threehops: nothing was decided');
    process.exitCode = 1;
    return;
  }
  await write(client, question.approval, orders, { decision, decidedBy: who }, signal);
  console.log(`approval.threehops.dev/${question.approval.metadata.name} ${decision.toLowerCase()} by ${who}`);
}

async function confirmed(
  { approval }: Question,
  decision: Decision,
  who: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UsageError('nobody can be asked on this terminal: pass --yes to decide all the same');
  const verb = decision === 'Approved' ? 'Approve' : 'Reject';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`\n${verb} ${approval.metadata.name} as ${who}? Only yes does: `, {
      signal,
    });
    return answer.trim() === 'yes';
  } finally {
    terminal.close();
  }
}

/** What was shown cannot have changed since: the question is immutable. */
async function write(
  client: KubeClient,
  { metadata }: Approval,
  { reason, iterations }: DecideOrders,
  decided: { readonly decision: Decision; readonly decidedBy: string },
  signal: AbortSignal,
): Promise<void> {
  const spec = {
    ...decided,
    ...(reason === undefined ? {} : { reason }),
    ...(iterations === undefined ? {} : { grantIterations: iterations }),
  };
  const { namespace, name, uid } = metadata;
  const body = { metadata: { uid }, spec };
  await client.resource<Approval>(approvalResource).patch({ namespace, name }, { type: 'merge', body }, signal);
}
