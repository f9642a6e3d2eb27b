import { readdirSync, readFileSync } from 'node:fs';

/** What /proc/PID/stat says of a process (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly pid: number;
  readonly session: number;
  /** User and system time in clock ticks, a hundredth of a second on Linux. */
  readonly cpuTicks: number;
}

const pageBytes = 4096;

/** Undefined when the process is gone, or gone but for its exit code. */
export function readProcess(pid: number): ProcessStat | undefined {
  const text = readIfThere(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  if (field(3) === 'Z') return undefined;
  return {
    pid,
    session: Number(field(6)),
    cpuTicks: Number(field(14)) + Number(field(15)),
  };
}

/**
 * Resident memory but for the pages of files, such as the program itself: those are shared by all who run it, and a cgroup charges them
 * to the first one only. 0 when the process is gone. Source: proc_pid_statm(5), fields resident and shared.
 */
export function privateBytes(pid: number): number {
  const [, resident = '0', shared = '0'] = (readIfThere(`/proc/${pid}/statm`) ?? '').split(' ');
  return (Number(resident) - Number(shared)) * pageBytes;
}

export function allProcesses(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readProcess(Number(pid))).filter((stat) => stat !== undefined);
}

/** SIGKILL; a process that is gone is fine. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
