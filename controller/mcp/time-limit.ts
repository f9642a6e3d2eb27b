import { createContext, Script } from 'node:vm';

/** What somebody else wrote (a pattern, an expression) did not come to an end in its time. */
export class TookTooLong extends Error {
  constructor(ms: number, options?: ErrorOptions) {
    super(`takes longer than ${ms} ms`, options);
    this.name = 'TookTooLong';
  }
}

/** In ms, for checks and expressions that take a few: nothing else is done meanwhile, and a busy machine is no reason to fail. */
export const foreignLimitMs = 500;

const scope: { work?: () => unknown } = {};
const context = createContext(scope);
const script = new Script('work()');

/**
 * Runs synchronous work that follows somebody else's text for at most `ms`: the engine breaks it off wherever it is, in the
 * midst of a regular expression too. Only for work that changes nothing, as it may end half-way.
 * @throws TookTooLong; what the work throws.
 */
export function withinTime<T>(ms: number, work: () => T): T {
  scope.work = work;
  try {
    return script.runInContext(context, { timeout: ms }) as T;
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new TookTooLong(ms, { cause: error });
    }
    throw error;
  } finally {
    delete scope.work;
  }
}
