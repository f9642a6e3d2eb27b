import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of `sleep SECONDS`, for the lengths that a test starts. */
export function sleepers(...seconds: readonly number[]): string[] {
  return readdirSync('/proc').filter((name) => {
    const [program, length] = /^\d+$/.test(name) ? commandOf(name) : [];
    return program === 'sleep' && seconds.includes(Number(length));
  });
}

function commandOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
