import { join } from 'node:path';
import { debianProgram, type DebianBinary, type DebianOptions } from './debian.ts';

export interface Launch {
  readonly command: string;
  /** Go before the program's own. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * How to start a program that looks for files of its package below `/usr/share` and nowhere else. Where the package is not installed but
 * unpacked, they are shown to the program there, and to nobody else: bubblewrap gives it a `/usr/share` of its own.
 *
 * @param name of the folder below `/usr/share`
 */
export async function withSharedFiles(binary: DebianBinary, name: string, options: DebianOptions): Promise<Launch> {
  const { path, root, env } = binary;
  if (root === undefined) return { command: path, args: [], env: { ...process.env, ...env } };
  const bwrap = await debianProgram('bwrap', options);
  const shown = ['--tmpfs', '/usr/share', '--ro-bind', join(root, 'usr/share', name), `/usr/share/${name}`];
  return {
    command: bwrap.path,
    args: ['--dev-bind', '/', '/', ...shown, '--die-with-parent', '--', path],
    env: { ...process.env, LD_LIBRARY_PATH: librariesOf(binary, bwrap) },
  };
}

function librariesOf(...binaries: readonly DebianBinary[]): string {
  return binaries.flatMap(({ env }) => env['LD_LIBRARY_PATH'] ?? []).join(':');
}
