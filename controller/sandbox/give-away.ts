import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes a folder and all in it belong to another user; links are given away themselves, never what they point to. By the system's own
 * program, as a command before may have left names that are no text, and folders deeper than any path.
 */
export async function giveAway(folder: string, uid: number): Promise<void> {
  await run('/bin/chown', ['-hR', `${uid}:${uid}`, '--', folder]);
  // bubblewrap enters it before it becomes that user, without the right to ignore permissions.
  await chmod(folder, 0o711);
}

/** Takes a folder away that commands have written to, for the same reasons so. */
export async function removeWritten(folder: string): Promise<void> {
  await run('/bin/rm', ['-rf', '--one-file-system', '--', folder]);
}
