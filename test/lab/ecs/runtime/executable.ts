import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** The file that a command's first word starts, as a shell would find it; undefined when there is none. */
export function findExecutable(command: string, searchPath: string, cwd: string): string | undefined {
  const candidates = command.includes('/')
    ? [isAbsolute(command) ? command : resolve(cwd, command)]
    : searchPath.split(':').map((folder) => join(folder, command));
  return candidates.find(isExecutable);
}

/** Whether a user who owns nothing here may read a file or enter a folder: each folder on the way lets others pass. */
export function isOpenToOthers(linked: string): boolean {
  const path = realpathSync(linked);
  const ownMode = statSync(path).mode;
  const wanted = statSync(path).isDirectory() ? 0o005 : 0o004;
  if ((ownMode & wanted) !== wanted) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
