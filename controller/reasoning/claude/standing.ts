import type { Ledger } from '../desk.ts';

/** Keeps a value, and answers what stands under the key: another process may have come first, and all go by the same. */
export async function standing<T>(ledger: Ledger, key: string, value: T, signal: AbortSignal): Promise<T> {
  // Under one key there are values of one kind.
  return ((await ledger.keep(key, value, signal)) as T | undefined) ?? value;
}
