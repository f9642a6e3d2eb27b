import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const installed = join(import.meta.dirname, '../../../node_modules');

/** Copies packages with all they depend on to a folder that any user may read: the services' `NODE_PATH`. */
export function copyModules(names: readonly string[], target: string): string {
  mkdirSync(target, { recursive: true });
  const wanted = [...names];
  const copied = new Set<string>();
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const from = join(installed, name);
    if (copied.has(name) || !existsSync(from)) continue;
    copied.add(name);
    cpSync(from, join(target, name), { recursive: true, dereference: true });
    // A package manager wrote it.
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    wanted.push(...Object.keys(manifest.dependencies ?? {}));
  }
  return target;
}
