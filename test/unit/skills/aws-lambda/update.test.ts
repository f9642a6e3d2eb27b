import { GetFunctionConfigurationCommand, TagResourceCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import type { LambdaBackend } from '../../../../skills/aws-lambda/server/backend.ts';
import { updateLambdaFunction } from '../../../../skills/aws-lambda/server/update-lambda-function.ts';
import { SteppingClock } from '../aws-ecs/scripted-ecs.ts';

type Reading = { readonly RevisionId: string; readonly LastUpdateStatus: string };

/** Answers an update with r2, and then what is read one after the other, the last for ever. */
async function update(readings: readonly (Reading | Error)[]): Promise<{ revision: unknown; marked: unknown }> {
  let read = 0;
  let marked: unknown;
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof GetFunctionConfigurationCommand) {
      const answer = readings[Math.min(read++, readings.length - 1)];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    }
    if (command instanceof TagResourceCommand) marked = Object.values(command.input.Tags ?? {})[0];
    return Promise.resolve({ FunctionArn: 'arn:receipt', RevisionId: 'r2', LastUpdateStatus: 'InProgress' });
  };
  const backend = {
    reads: { send },
    writes: { send },
    clock: new SteppingClock('2026-11-20T10:00:00Z'),
    account: { assertAllowed: () => Promise.resolve() },
    checkEndpoint: () => Promise.resolve(),
  } as unknown as LambdaBackend;
  const args = { functionName: 'receipt', expectedRevision: 'r1', memory: 512 };
  const { signal } = new AbortController();
  const answer = await updateLambdaFunction.handle(args, { backend, signal } as never);
  return { revision: (answer as { revisionId: string }).revisionId, marked };
}

const going = { RevisionId: 'r2', LastUpdateStatus: 'InProgress' };

it('answers and marks the revision that the function has once the update is through', async () => {
  const through = { RevisionId: 'r3', LastUpdateStatus: 'Successful' };
  expect(await update([going, going, through])).toEqual({ revision: 'r3', marked: 'r3' });
});

it('does not wait for ever, and the act stands when nothing can be read', async () => {
  expect(await update([going])).toEqual({ revision: 'r2', marked: 'r2' });
  expect(await update([new Error('no answer')])).toEqual({ revision: 'r2', marked: 'r2' });
});
