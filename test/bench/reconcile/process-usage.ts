import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface Usage {
  /** User and system time, in steps of 10 ms. */
  readonly cpuSeconds: number;
  readonly rssMiB: number;
}

/** Ticks a second, in which Linux counts for user space whatever the kernel's own clock. */
const userHz = 100;

/** Read from outside, the same for a program in any language. Linux only. Throws when the process is gone. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  // The name in brackets may hold spaces; utime and stime are the 14th and 15th fields of all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuSeconds: ticks / userHz, rssMiB: rssKiB / 1024 };
}
