import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../cluster/authority.ts';

/** Where the operator serves its live progress and is told of alerts. */
export interface OperatorApi {
  /** Base URL. */
  readonly url: string;
  /** Of an API over TLS: the authority that vouches for it. */
  readonly caFile?: string;
}

/** What an API over TLS shows, and who vouches for it, as files. */
export interface ApiIdentity {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** Makes an authority of the lab's own, and has it vouch for this machine. */
export async function identify(folder: string): Promise<ApiIdentity> {
  const authority = await createAuthority(folder);
  const { certPem, keyPem } = await authority.issueServer(['127.0.0.1']);
  const [certFile, keyFile] = [join(folder, 'api.crt'), join(folder, 'api.key')];
  await writeFile(certFile, certPem);
  await writeFile(keyFile, keyPem, { mode: 0o600 });
  return { certFile, keyFile, caFile: join(folder, 'ca.crt') };
}

export function apiAt(address: string, identity?: ApiIdentity): OperatorApi {
  if (identity === undefined) return { url: `http://${address}` };
  return { url: `https://${address}`, caFile: identity.caFile };
}
