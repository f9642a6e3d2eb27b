import { chmod, lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes a folder and all in it belong to another user; links are given away themselves, never what they point to. */
export async function giveAway(folder: string, uid: number): Promise<void> {
  await lchown(folder, uid, uid);
  // bubblewrap enters it before it becomes that user, without the right to ignore permissions.
  await chmod(folder, 0o711);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), uid, uid);
  }
}
