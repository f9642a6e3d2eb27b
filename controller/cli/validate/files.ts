import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UsageError } from '../usage-error.ts';

/** A text as it was found. */
export interface SourceFile {
  /** As a person would name it from where the command was run; `<stdin>` for standard input. */
  readonly path: string;
  readonly text: string;
  /** Named itself, rather than found in a folder. */
  readonly named: boolean;
}

const endings = /\.(ya?ml|json)$/i;
/** Nothing that a cluster takes is larger. */
const mostBytes = 8 * 1024 * 1024;

/** The texts of files and of folders with all below them, in the order of their names. @throws UsageError for a path that is not there. */
export async function readSources(paths: readonly string[], signal: AbortSignal): Promise<readonly SourceFile[]> {
  const files = new Map<string, SourceFile>();
  for (const path of paths) {
    for (const file of await sourcesAt(path, signal)) if (!files.has(file.path)) files.set(file.path, file);
  }
  return [...files.values()];
}

async function sourcesAt(path: string, signal: AbortSignal): Promise<readonly SourceFile[]> {
  if (path === '-') return [{ path: '<stdin>', text: await text(process.stdin), named: true }];
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`there is no ${path}`, { cause });
  });
  if (!found.isDirectory()) return [{ path, text: await readFile(path, { encoding: 'utf8', signal }), named: true }];
  const inside = await filesBelow(path, signal);
  return Promise.all(
    inside.map(async (file) => ({
      path: file,
      text: await readFile(file, { encoding: 'utf8', signal }),
      named: false,
    })),
  );
}

async function filesBelow(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted();
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // Templates of a Helm chart are no YAML before they are rendered.
  const chart = entries.some(({ name }) => name === 'Chart.yaml');
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const passed =
        entry.name.startsWith('.') || entry.name === 'node_modules' || (chart && entry.name === 'templates');
      if (!passed) files.push(...(await filesBelow(path, signal)));
    } else if (endings.test(entry.name) && (await isReadable(path))) files.push(path);
  }
  return files;
}

/** A link may lead to a file, to a folder (which would be read twice, or for ever) or nowhere. */
async function isReadable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && found.size <= mostBytes;
}
