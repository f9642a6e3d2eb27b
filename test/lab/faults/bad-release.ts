import type { ServiceRole } from '../world/names.ts';
import type { Expectation } from './fault.ts';

/** What is true of a release that breaks its own service or others: the commit is the cause, and goes. */
export function badRelease(
  role: ServiceRole,
  { fixes = ['github.revert-commit'], iterations = 1 }: Partial<Pick<Expectation, 'fixes' | 'iterations'>> = {},
): Expectation {
  return {
    outcome: 'Fixed',
    causes: (names) => [{ node: `${names[role]}/${names.nodes.code}`, kind: 'github.CodeRegression' }],
    fixes,
    iterations,
  };
}
