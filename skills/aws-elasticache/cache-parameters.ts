import type { Json } from '../../controller/api/json.ts';
import { isDefined, listOf, numberOf, objectOf, textOf } from '../lib/reading.ts';
import { type Asking, ask, type CacheState } from './control-plane.ts';

export const parametersTool = 'threehops_get_cache_parameters';

/** A parameter of a cache's group. Some have no default. */
export type CacheParameter = {
  readonly name: string;
  readonly value: string;
  readonly default?: string;
};

/** None where ElastiCache does not tell the group. @throws ToolError, CacheAnswerError */
export async function readParameters(
  context: Asking,
  { parameterGroup: group }: Pick<CacheState, 'parameterGroup'>,
): Promise<readonly CacheParameter[]> {
  if (group === '') return [];
  const answer = await ask(context, parametersTool, { group });
  return parametersIn(answer['parameters']);
}

/** As the tool answers them, and as a finding has them among its facts. */
export function parametersIn(given: Json | undefined): readonly CacheParameter[] {
  return listOf(given)
    .map((item) => {
      const { name, value, default: byDefault } = objectOf(item);
      const [called, now, usual] = [textOf(name), wordOf(value), wordOf(byDefault)];
      if (called === undefined || now === undefined) return undefined;
      return { name: called, value: now, ...(usual === undefined ? {} : { default: usual }) };
    })
    .filter(isDefined);
}

/** An empty value is one. */
function wordOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whether a number is above its default. */
export function isAboveDefault({ value, default: usual }: CacheParameter): boolean {
  return (numberOf(value) ?? 0) > (numberOf(usual) ?? Infinity);
}
