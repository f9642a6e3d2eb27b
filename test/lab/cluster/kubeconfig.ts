import { writeFile } from 'node:fs/promises';
import { dump } from 'js-yaml';
import type { CertificateAndKey } from './authority.ts';

export interface KubeconfigInput {
  readonly server: string;
  readonly caPem: string;
  readonly user: string;
  readonly credentials: CertificateAndKey | { readonly token: string };
  /** The namespace of commands that name none; `default` without it. */
  readonly namespace?: string;
}

/** Writes a kubeconfig that holds all it needs, readable by its owner alone, and answers its path. */
export async function writeKubeconfig(path: string, input: KubeconfigInput): Promise<string> {
  const name = 'threehops-lab';
  const { server, user, namespace } = input;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(input.caPem) } }],
    users: [{ name: user, user: credentials(input.credentials) }],
    contexts: [{ name, context: { cluster: name, user, ...(namespace === undefined ? {} : { namespace }) } }],
    'current-context': name,
  };
  await writeFile(path, dump(config, { lineWidth: -1 }), { mode: 0o600 });
  return path;
}

function credentials(given: KubeconfigInput['credentials']): object {
  if ('token' in given) return { token: given.token };
  return { 'client-certificate-data': base64(given.certPem), 'client-key-data': base64(given.keyPem) };
}

function base64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}
