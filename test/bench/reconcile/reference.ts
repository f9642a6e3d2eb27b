import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { announced, type Waiting } from '../../lab/cluster/progress.ts';
import { cached } from '../../lab/parts/cache.ts';
import { run } from '../../lab/parts/run.ts';

const source = new URL('../reference/', import.meta.url).pathname;
const program = 'reference';

/** The reference operator, built from its sources here or found in the cache under their hash. Answers its path. */
export async function provideReference(waiting: Waiting): Promise<string> {
  const { signal } = waiting;
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' };
  const go = await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { signal, cwd: source, env });
  const make = async (folder: string): Promise<void> => {
    const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(folder, program), '.'];
    const what = 'building the reference operator with Go, once (about 4 min on two busy cores)';
    await announced(waiting, what, () => run('go', args, { signal, cwd: source, env }));
  };
  return join(await cached(`bench-reference-${hashOf(source, go)}`, make, signal), program);
}

function hashOf(folder: string, toolChain: string): string {
  const hash = createHash('sha256').update(toolChain);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (/\.go$|^go\.(mod|sum)$/.test(name)) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
