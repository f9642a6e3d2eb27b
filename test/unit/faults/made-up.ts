import type { EvidenceBundle } from '../../../controller/evidence/bundle.ts';
import type { Diagnosis, Memory } from '../../../controller/reasoning/reasoner.ts';
import { diagnoseAgain } from '../../faults/replay.ts';
import type { Answered, Question } from '../../../controller/reasoning/question.ts';
import type { Recording } from '../../faults/recording.ts';
import { ago, BundleBuilder } from '../../helpers/bundle-builder.ts';
import { illDecoy } from '../../lab/world/decoys.ts';
import { otherNames } from '../../lab/world/names.ts';

const { gateway, payments, settlement, queue, tableAccounts, nodes } = otherNames;
export const predictionSeconds = 15;
export const untried: Memory = { failed: [], kept: [], history: [] };
export const database = `${settlement}/${nodes.ledger}`;

/** What a sweep of the fault three-hops might have seen, with an ill decoy beside it. */
export function lockedRow(): EvidenceBundle {
  const statement = `UPDATE ${tableAccounts} SET balance = balance WHERE name = 'merchant'`;
  const blocking = {
    pid: 42,
    backendStart: ago(900),
    state: 'idle in transaction',
    applicationName: 'psql',
    statement,
  };
  return new BundleBuilder()
    .service(gateway)
    .self(gateway, nodes.logs, 'cloudwatch')
    .calls(gateway, payments, 'http-health')
    .uses(gateway, illDecoy, 'http-health', 'Calls')
    .service(payments)
    .self(payments, nodes.compute, 'aws-ecs')
    .self(payments, nodes.logs, 'cloudwatch')
    .uses(payments, queue, 'aws-sqs', 'Feeds')
    .service(settlement)
    .self(settlement, nodes.logs, 'cloudwatch')
    .edge(`${payments}/${queue}`, settlement, 'ConsumedBy')
    .uses(settlement, nodes.ledger, 'postgres')
    .finding(database, 'postgres.BlockingChain', 'Critical', 400, blocking)
    .finding(`${settlement}/${nodes.logs}`, 'cloudwatch.NewErrorTemplate', 'Warning', 350)
    .finding(`${payments}/${queue}`, 'aws-sqs.ConsumerStalled', 'Critical', 300)
    .finding(`${payments}/${nodes.logs}`, 'cloudwatch.ErrorRateHigh', 'Critical', 250)
    .finding(`${gateway}/${nodes.logs}`, 'cloudwatch.ErrorRateHigh', 'Critical', 240)
    .finding(`${gateway}/${illDecoy}`, 'http-health.BadStatus', 'Critical', 900)
    .build(gateway);
}

export function question(changes: Partial<Question> = {}): Question {
  const allowed = { 'postgres.terminate-backend': [database] };
  return { bundle: lockedRow(), memory: untried, allowed, ...changes };
}

export async function answered(given: Question = question(), changes: Partial<Diagnosis> = {}): Promise<Answered> {
  return { ...given, diagnosis: { ...(await diagnoseAgain(given, { predictionSeconds })), ...changes } };
}

export async function recording(): Promise<Recording> {
  return { formatVersion: 1, fault: 'three-hops', predictionSeconds, diagnoses: [await answered()] };
}
