import type { Lab } from '../world/lab.ts';

/** Bytes of what is imported, each. */
const size = 100_000;

const script = `for index = 1, ARGV[1] do
  local key, value = KEYS[1] .. index, string.rep('x', ARGV[2])
  if ARGV[3] == '0' then redis.call('SET', key, value) else redis.call('SET', key, value, 'EX', ARGV[3]) end
end`;

/**
 * Writes so many values to the cache in one go. Redis lets that begin while there is room, and refuses nothing of it then.
 * @param lastSeconds 0 for ever
 */
export async function importValues(lab: Lab, prefix: string, count: number, lastSeconds = 0): Promise<void> {
  await lab.cache(['EVAL', script, '1', `${prefix}:`, ...[count, size, lastSeconds].map(String)]);
}
