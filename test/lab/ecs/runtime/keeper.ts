import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A small process that kills the tasks when we die, also by SIGKILL. setpriv's --pdeathsig reaches only a container's first
 * process; this reaches its children too.
 */
export interface Keeper {
  watch(processGroup: number): void;
  release(processGroup: number): void;
  close(): Promise<void>;
}

export function startKeeper(cgroupFolder: string | undefined): Keeper {
  const script = fileURLToPath(new URL('keeper.sh', import.meta.url));
  const child = spawn('/bin/sh', [script, cgroupFolder ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const gone = once(child, 'exit');
  child.stdin.on('error', () => undefined);
  return {
    watch: (group) => void child.stdin.write(`+ ${group}\n`),
    release: (group) => void child.stdin.write(`- ${group}\n`),
    close: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
