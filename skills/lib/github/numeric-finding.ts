import type { Finding } from '../../../controller/evidence/finding.ts';
import type { Tools } from '../../skill.ts';
import { findingId } from '../finding-id.ts';
import { mapLimited } from '../map-limited.ts';
import { isSecretLike } from '../secret-like.ts';
import { isSettingsFile, isSettingsFolder } from '../settings/candidates.ts';
import { affectsOf, type Affects } from '../settings/meaning.ts';
import { numbersOf } from '../settings/numbers.ts';
import { listFolder, readText, type FolderEntry, type Source } from './files.ts';

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
}

const mostFiles = 12;
const mostBytes = 64 * 1024;
const factsBytes = 3_500;
const order: readonly Affects[] = ['Memory', 'Connections', 'Time', 'Other'];

/** One Info finding with the numeric settings of the repository's configuration files; none where there are no such numbers. */
export async function numericSettingsFinding(
  { node, kind, folder }: NumericFindingOf,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const settings = await numericSettings(folder, tools, source, signal);
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

export async function numericSettings(
  folder: string,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly NumericSetting[]> {
  const files = await settingsFiles(folder, tools, source, signal);
  const texts = await mapLimited(files, 4, ({ path }) => readText(tools, source, path, signal));
  const all = files.flatMap(({ path }, index) => settingsOf(path, texts[index] ?? ''));
  return all.toSorted((a, b) => order.indexOf(a.affects) - order.indexOf(b.affects));
}

function settingsOf(path: string, text: string): readonly NumericSetting[] {
  return numbersOf(path, text).flatMap(({ key, value }) => {
    const affects = affectsOf(key);
    return affects === undefined || isSecretLike(key, String(value)) ? [] : [{ path, key, value, affects }];
  });
}

/** Files at the top, in its settings folders, and the same below `src`. */
async function settingsFiles(
  folder: string,
  tools: Tools,
  source: Source,
  signal: AbortSignal,
): Promise<readonly FolderEntry[]> {
  const top = await listFolder(tools, source, folder, signal);
  const below = top.filter(({ type, path }) => type === 'dir' && (isSettingsFolder(path) || path.endsWith('src')));
  const lists = await mapLimited(below, 3, ({ path }) => listFolder(tools, source, path, signal));
  const deeper = lists.flat().filter(({ type, path }) => type === 'dir' && isSettingsFolder(path));
  const deepest = await mapLimited(deeper, 3, ({ path }) => listFolder(tools, source, path, signal));
  const files = [...top, ...lists.flat(), ...deepest.flat()].filter(
    ({ type, size }) => type === 'file' && size <= mostBytes,
  );
  const inside = (path: string): string => (folder === '' ? path : path.slice(folder.length + 1));
  return files.filter(({ path }) => isSettingsFile(inside(path))).slice(0, mostFiles);
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
