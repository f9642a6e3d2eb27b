import {
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import type { Lab } from '../world/lab.ts';
import type { Receipts } from '../world/receipts.ts';

function receiptsOf({ receipts }: Lab): Receipts {
  if (receipts === undefined) throw new Error('the lab has no function: the fault does not say that it needs lambda');
  return receipts;
}

/** Somebody changes the function at the console. */
export async function reconfigure(
  lab: Lab,
  change: Omit<UpdateFunctionConfigurationCommandInput, 'FunctionName'>,
): Promise<void> {
  const command = new UpdateFunctionConfigurationCommand({ FunctionName: lab.names.receipts, ...change });
  await receiptsOf(lab).lambda.send(command);
}

/** Somebody reserves another concurrency for it. */
export async function reserve(lab: Lab, ReservedConcurrentExecutions: number): Promise<void> {
  const FunctionName = lab.names.receipts;
  await receiptsOf(lab).lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
}
