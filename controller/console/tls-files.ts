import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from '../config/config.ts';
import type { Clock } from '../kube/clock.ts';
import type { Log } from '../kube/observe.ts';

/** What a server proves who it is with, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Looked at so often, as a Secret's files change by links that a watch of the file does not see. */
export const lookMs = 10_000;

/** Both files as they are. @throws what node:fs throws; Error where they do not belong together. */
export async function readKeyPair({ certFile, keyFile }: TlsFiles, signal: AbortSignal): Promise<KeyPair> {
  const options = { encoding: 'utf8', signal } as const;
  const [cert, key] = await Promise.all([readFile(certFile, options), readFile(keyFile, options)]);
  createSecureContext({ cert, key });
  return { cert, key };
}

/**
 * Calls back with the pair each time that the files hold another one, until the signal aborts. One that cannot be used, as between the
 * writes of its two files, changes nothing.
 */
export async function watchKeyPair(
  files: TlsFiles,
  first: KeyPair,
  { clock, log, onChange }: { readonly clock: Clock; readonly log: Log; readonly onChange: (pair: KeyPair) => void },
  signal: AbortSignal,
): Promise<void> {
  let present = first;
  while (!signal.aborted) {
    try {
      await clock.sleep(lookMs, signal);
      const pair = await readKeyPair(files, signal);
      if (pair.cert === present.cert && pair.key === present.key) continue;
      onChange(pair);
      present = pair;
      log.info('the certificate was read again');
    } catch (error) {
      if (!signal.aborted) log.warn('the certificate cannot be read', { error });
    }
  }
}
