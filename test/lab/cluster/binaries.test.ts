import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PartUnavailable } from '../parts/part.ts';
import { provideBinaries, type Sources } from './binaries.ts';
import { cacheName, programNames, type ProgramName } from './programs.ts';
import { goPlatform } from './versions.ts';

let cache: string;
const lines: string[] = [];
const waiting = { signal: new AbortController().signal, progress: (line: string) => void lines.push(line) };

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'threehops-binaries-'));
  lines.length = 0;
  vi.stubEnv('THREEHOPS_CACHE', cache);
  vi.stubEnv('KUBEBUILDER_ASSETS', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function put(folder: string, names: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const downloads = () => {
  const { os, arch } = goPlatform();
  return join(cache, 'envtest', 'k8s', `v1.36.2-${os}-${arch}`);
};
const builtAt = (name: ProgramName) => join(cache, cacheName(name), name);

/** Sources that count their use; a download fails unless it is allowed, as in a closed network. */
function sources(reach: { network?: boolean; go?: boolean }): Sources & { used: string[] } {
  const used: string[] = [];
  return {
    used,
    download: async () => {
      used.push('download');
      if (reach.network !== true) throw new Error('the index is out of reach');
      put(downloads(), programNames);
    },
    build: async (name) => {
      used.push(`build ${name}`);
      if (reach.go !== true) throw new Error('no Go here');
      put(join(cache, cacheName(name)), [name]);
    },
  };
}

describe('where the programs come from', () => {
  test('KUBEBUILDER_ASSETS comes before all else', async () => {
    const assets = put(join(cache, 'assets'), programNames);
    vi.stubEnv('KUBEBUILDER_ASSETS', assets);
    for (const name of programNames) put(join(cache, cacheName(name)), [name]);
    const from = sources({ network: true, go: true });
    expect(await provideBinaries(waiting, from)).toEqual({
      etcd: join(assets, 'etcd'),
      'kube-apiserver': join(assets, 'kube-apiserver'),
      kubectl: join(assets, 'kubectl'),
    });
    expect(from.used).toEqual([]);
  });

  test('the download comes before the build, and is used again without network', async () => {
    const from = sources({ network: true, go: true });
    const found = await provideBinaries(waiting, from);
    expect(found.kubectl).toBe(join(downloads(), 'kubectl'));
    expect(from.used).toEqual(['download']);
    expect(await provideBinaries(waiting, sources({}))).toEqual(found);
  });

  test('without network each program is built, and only those that are missing', async () => {
    put(join(cache, cacheName('etcd')), ['etcd']);
    const from = sources({ go: true });
    expect(await provideBinaries(waiting, from)).toEqual({
      etcd: builtAt('etcd'),
      'kube-apiserver': builtAt('kube-apiserver'),
      kubectl: builtAt('kubectl'),
    });
    expect(from.used).toEqual(['download', 'build kube-apiserver', 'build kubectl']);
    const again = sources({});
    await provideBinaries(waiting, again);
    expect(again.used).toEqual([]);
  });

  test('two at once build once', async () => {
    const from = sources({ go: true });
    const [one, two] = await Promise.all([provideBinaries(waiting, from), provideBinaries(waiting, from)]);
    expect(one).toEqual(two);
    expect(from.used.filter((use) => use === 'build kubectl')).toHaveLength(1);
  });

  test('when nothing works the error names each attempt and a way out', async () => {
    const failed = await provideBinaries(waiting, sources({})).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PartUnavailable);
    const { message, cause } = failed as PartUnavailable;
    for (const said of ['not set', cache, 'the index is out of reach', 'no Go here', 'Set KUBEBUILDER_ASSETS']) {
      expect(message).toContain(said);
    }
    expect((cause as AggregateError).errors).toHaveLength(4);
  });

  test('an abort is the reason, not one more failed attempt', async () => {
    const interrupt = new AbortController();
    const from = sources({});
    const download = async () => interrupt.abort(new Error('Ctrl-C'));
    const asked = provideBinaries({ ...waiting, signal: interrupt.signal }, { ...from, download });
    await expect(asked).rejects.toThrow('Ctrl-C');
    expect(from.used).toEqual([]);
  });
});
