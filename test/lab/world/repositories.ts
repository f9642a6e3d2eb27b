import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ServiceRole, WorldNames } from './names.ts';

const sources = join(import.meta.dirname, 'repos');

/** Containers' memory in MiB and environment, as the first definition in git has them. */
export interface Definition {
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
}

export type Definitions = Readonly<Record<ServiceRole, Definition>>;

export function usualDefinitions(names: WorldNames): Definitions {
  const database = (name: string): Definition['environment'] => ({ DATABASE_NAME: name, QUEUE_NAME: names.queue });
  return {
    frontend: { memory: 128, environment: { LOG_LEVEL: 'info' } },
    gateway: { memory: 128, environment: { LOG_LEVEL: 'info' } },
    payments: { memory: 160, environment: { LOG_LEVEL: 'info', ...database(names.database) } },
    settlement: { memory: 128, environment: { LOG_LEVEL: 'info', ...database(names.ledger) } },
    notification: { memory: 128, environment: { LOG_LEVEL: 'info' } },
  };
}

/** All files of a service's repository under these names. */
export function repositoryFiles(role: ServiceRole, names: WorldNames, definition: Definition): Record<string, string> {
  return filesOf(['shared', role], wordsOf(role, names, definition));
}

/** Files of a folder under `repos` that stand in the place of a service's usual ones: how it was built at another time. */
export function variantFiles(variant: string, role: ServiceRole, names: WorldNames): Record<string, string> {
  return filesOf([variant], wordsOf(role, names, usualDefinitions(names)[role]));
}

function filesOf(folders: readonly string[], words: Readonly<Record<string, string>>): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of folders) {
    for (const file of filesBelow(join(sources, folder))) {
      const path = replaceAll(relative(join(sources, folder), file), words);
      files[path] = replaceAll(readFileSync(file, 'utf8'), words);
    }
  }
  return files;
}

function wordsOf(role: ServiceRole, names: WorldNames, definition: Definition): Readonly<Record<string, string>> {
  const environment = Object.entries(definition.environment).map(([name, value]) => ({ name, value }));
  return {
    __WORKFLOW__: names.workflow,
    __SERVICE__: names[role],
    __MEMORY__: String(definition.memory),
    __ENVIRONMENT__: JSON.stringify(environment, undefined, 2).replaceAll('\n', '\n      '),
    __MAIN_FILE__: `src/${names.mainFile}`,
    __MAIN__: names.mainFile,
    __SETTINGS__: names.settingsFile,
    __RECEIPTS__: names.receipts,
    __TABLE_PAYMENTS__: names.tablePayments,
    __TABLE_ACCOUNTS__: names.tableAccounts,
  };
}

function replaceAll(text: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((result, [word, value]) => result.replaceAll(word, value), text);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}
