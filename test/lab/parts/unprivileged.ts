import { chownSync, readFileSync } from 'node:fs';
import { PartUnavailable } from './part.ts';

/** Who a program runs as that refuses to be run by root. */
export interface Unprivileged {
  /** Arguments of setpriv that make it that user; none when we are not root. */
  readonly privileges: readonly string[];
  /** Gives a folder to that user. */
  readonly own: (folder: string) => void;
}

/**
 * The first of the named users that this machine has. It keeps the one capability to read and enter any folder, since the checkout or
 * the data may lie under a home folder that only root may enter.
 */
export function unprivileged(names: readonly string[]): Unprivileged {
  if (process.getuid?.() !== 0) return { privileges: [], own: () => undefined };
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = names.map((name) => users.find(([login]) => login === name)).find((entry) => entry !== undefined);
  const [uid, gid] = [Number(user?.[2]), Number(user?.[3])];
  if (user === undefined || !(uid > 0))
    throw new PartUnavailable(`run by root, it needs one of the users ${names.join(', ')}`);
  const identity = ['--reuid', String(uid), '--regid', String(gid), '--clear-groups'];
  const readAll = '+dac_read_search';
  const privileges = [...identity, '--inh-caps', readAll, '--ambient-caps', readAll];
  return { privileges, own: (folder) => chownSync(folder, uid, gid) };
}
