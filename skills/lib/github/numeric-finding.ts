import type { Finding } from '../../../controller/evidence/finding.ts';
import type { Tools } from '../../skill.ts';
import { findingId } from '../finding-id.ts';
import { mapLimited } from '../map-limited.ts';
import { isSecretLike } from '../secret-like.ts';
import { isSettingsFile, isSettingsFolder } from '../settings/candidates.ts';
import { affectsOf, type Affects } from '../settings/meaning.ts';
import { numbersOf } from '../settings/numbers.ts';
import { listFolder, readText, type Source } from './files.ts';

/** A number in a configuration file that limits or sizes something. */
export type NumericSetting = {
  readonly path: string;
  readonly key: string;
  readonly value: number;
  readonly affects: Affects;
};

export interface NumericFindingOf {
  readonly node: string;
  readonly kind: string;
  /** Where the service's files begin; empty for the top. */
  readonly folder: string;
  /** Files and folders to look at in the place of those found by their names. */
  readonly paths?: readonly string[] | undefined;
}

const mostFiles = 12;
const mostBytes = 64 * 1024;
const factsBytes = 3_500;
const order: readonly Affects[] = ['Memory', 'Connections', 'Time', 'Other'];

/** One Info finding with the numeric settings of the repository's configuration files; none where there are no such numbers. */
export async function numericSettingsFinding(
  { node, kind, ...where }: NumericFindingOf,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const settings = await numericSettings(where, tools, source, signal);
  if (settings.length === 0) return [];
  const name = `${source.repository.owner}/${source.repository.repo}`;
  return [
    {
      id: findingId(node, kind, name),
      node,
      kind,
      severity: 'Info',
      summary: `${settings.length} numeric settings in the configuration files of ${name} at ${source.ref}`,
      value: settings.length,
      unit: 'settings',
      source: `get_file_contents ${name} ${source.ref}`,
      facts: { repository: name, ref: source.ref, settings: withinBytes(settings) },
    },
  ];
}

async function numericSettings(
  { folder, paths }: Pick<NumericFindingOf, 'folder' | 'paths'>,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly NumericSetting[]> {
  const found =
    paths === undefined
      ? await foundFiles(folder, tools, source, signal)
      : await namedFiles(paths, tools, source, signal);
  const files = found.slice(0, mostFiles);
  const texts = await mapLimited(files, 4, (path) => readText(tools, source, path, signal));
  const all = files.flatMap((path, index) => settingsOf(path, texts[index] ?? ''));
  return all.toSorted((a, b) => order.indexOf(a.affects) - order.indexOf(b.affects));
}

function settingsOf(path: string, text: string): readonly NumericSetting[] {
  return numbersOf(path, text).flatMap(({ key, value }) => {
    const affects = affectsOf(key);
    return affects === undefined || isSecretLike(key, String(value)) ? [] : [{ path, key, value, affects }];
  });
}

/** Files at the top, in its settings folders, and the same below `src`. */
async function foundFiles(
  folder: string,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const top = await listFolder(tools, source, folder, signal);
  const below = top.filter(({ type, path }) => type === 'dir' && (isSettingsFolder(path) || path.endsWith('src')));
  const lists = await mapLimited(below, 3, ({ path }) => listFolder(tools, source, path, signal));
  const deeper = lists.flat().filter(({ type, path }) => type === 'dir' && isSettingsFolder(path));
  const deepest = await mapLimited(deeper, 3, ({ path }) => listFolder(tools, source, path, signal));
  const files = [...top, ...lists.flat(), ...deepest.flat()].filter(
    ({ type, size }) => type === 'file' && size <= mostBytes,
  );
  const inside = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1));
  return files.map(({ path }) => path).filter((path) => isSettingsFile(inside(path)));
}

/** A name with an extension is a file's; any other is looked into as a folder. */
async function namedFiles(
  paths: readonly string[],
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lists = await mapLimited(paths, 3, async (named) => {
    const path = named.replaceAll(/^\/+|\/+$/g, '');
    if (/[^/]*\.[^/]+$/.test(path)) return [path];
    const entries = await listFolder(tools, source, path, signal);
    return entries.filter(({ type, size }) => type === 'file' && size <= mostBytes).map((entry) => entry.path);
  });
  return lists.flat();
}

function withinBytes(settings: readonly NumericSetting[]): NumericSetting[] {
  const kept: NumericSetting[] = [];
  let bytes = 0;
  for (const setting of settings) {
    bytes += JSON.stringify(setting).length + 1;
    if (bytes > factsBytes) break;
    kept.push(setting);
  }
  return kept;
}
