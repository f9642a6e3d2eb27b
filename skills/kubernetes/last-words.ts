import { textOf } from '../lib/reading.ts';
import type { GapList } from '../lib/gaps.ts';
import type { ProbeContext } from '../skill.ts';
import { logTool, placeOf, type Target } from './api.ts';
import type { Pod } from './model.ts';
import { failuresOf } from './pod-failure.ts';

const lines = 20;
const mostCharacters = 400;

/**
 * The end of the log of a program that ends again and again, where its pod does not keep it (`terminationMessagePolicy`). One pod's is
 * enough: they are of one revision. Undefined where there is none to ask for, or no answer.
 */
export async function lastWords(
  { tools, window, signal }: ProbeContext,
  target: Target,
  pods: readonly Pod[],
  gaps: GapList,
): Promise<string | undefined> {
  const silent = pods
    .flatMap((pod) => failuresOf(pod, window))
    .find(({ kind, reason }) => kind === 'CrashLoop' && reason === '');
  if (silent?.container === undefined) return undefined;
  const args = {
    ...placeOf(target),
    name: silent.pod.name,
    container: silent.container.name,
    tail: lines,
    previous: true,
  };
  const answer = await gaps.orGap('log of the container that ended', tools.call(logTool, args, signal), undefined);
  const text = textOf(answer) ?? (answer === undefined ? undefined : JSON.stringify(answer));
  return text?.trim().slice(-mostCharacters);
}
