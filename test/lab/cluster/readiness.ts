import { request } from 'node:https';
import type { CertificateAndKey } from './authority.ts';

export interface Probe {
  readonly url: string;
  readonly caPem: string;
  readonly client: CertificateAndKey;
}

/** True when the control plane serves and has made its own roles and namespaces. Never throws: not up yet is false. */
export async function isReady(probe: Probe): Promise<boolean> {
  for (const path of ['/readyz', '/api/v1/namespaces/default']) {
    if ((await statusOf(probe, path)) !== 200) return false;
  }
  return true;
}

function statusOf({ url, caPem, client }: Probe, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const tls = { ca: caPem, cert: client.certPem, key: client.keyPem, timeout: 2000 };
    const asked = request(new URL(path, url), tls, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}
