import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { TopologyNode } from '../../../controller/api/kinds.ts';
import type { Forge } from '../forge/forge.ts';
import { type LambdaOptions, startLambda } from '../lambda/endpoint.ts';
import { createRole } from '../lambda/role.ts';
import type { WorldNames } from './names.ts';
import { variantFiles } from './repositories.ts';

/** The function that makes receipts, which notification calls and whose repository it is in. */
export interface Receipts {
  /** Endpoint of Lambda. */
  readonly url: string;
  readonly lambda: LambdaClient;
  stop(): Promise<void>;
}

/** In the shape of CreateFunction's input, and with the concurrency that is reserved. */
export const functionFile = 'deploy/function.json';

interface Definition extends CreateFunctionCommandInput {
  readonly ReservedConcurrentExecutions: number;
}

export async function startReceipts(options: LambdaOptions): Promise<Receipts> {
  const endpoint = await startLambda(options);
  await createRole(options.moto, 'functions');
  const { url } = endpoint;
  const lambda = new LambdaClient({ ...options.moto, endpoint: url });
  return {
    url,
    lambda,
    async stop() {
      lambda.destroy();
      await endpoint.stop();
    },
  };
}

export function receiptsFiles(names: WorldNames): Readonly<Record<string, string>> {
  return variantFiles('makes-receipts', 'notification', names);
}

interface Deployable {
  readonly receipts?: Receipts;
  readonly forge: Forge;
  repository(role: 'notification'): string;
}

/** Deploys what is on main and publishes it, as was done months ago; nothing where the part is not there. */
export async function deployReceipts(world: Deployable): Promise<void> {
  const { receipts, forge } = world;
  if (receipts === undefined) return;
  const repository = world.repository('notification');
  const sha = await forge.git(repository, ['rev-parse', 'main']);
  const text = await forge.git(repository, ['show', `${sha}:${functionFile}`]);
  // Our own file.
  const definition = JSON.parse(text.replace(':latest', `:${sha}`)) as Definition;
  const { FunctionName, ReservedConcurrentExecutions } = definition;
  await receipts.lambda.send(new CreateFunctionCommand(definition));
  await receipts.lambda.send(new PublishVersionCommand({ FunctionName }));
  await receipts.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
}

/** How the team that calls it watches it. */
export function receiptsNode({ receipts }: WorldNames): TopologyNode {
  return {
    name: receipts,
    type: 'function',
    skill: 'aws-lambda',
    // The lab publishes its figures each second.
    with: { functionName: receipts, metricPeriodSeconds: 1, maxConcurrency: 50, maxErrorsPerMillion: 50_000 },
  };
}
