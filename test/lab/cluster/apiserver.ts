import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Running } from '../parts/process.ts';
import { auditPolicy } from './audit-policy.ts';
import type { Authority } from './authority.ts';
import { startBound } from './bound-process.ts';
import { etcdEndpoint, toArguments } from './etcd.ts';
import { layout } from './layout.ts';

export interface ApiserverOptions {
  readonly program: string;
  readonly dataDir: string;
  readonly port: number;
  readonly auditLog: boolean;
}

const serverNames = ['localhost', '127.0.0.1', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];

/** Writes what kube-apiserver reads at its start: its certificate, the key that signs ServiceAccount tokens, the audit policy. */
export async function prepareApiserver(dataDir: string, authority: Authority): Promise<void> {
  const { pki } = layout(dataDir);
  await mkdir(pki, { recursive: true, mode: 0o700 });
  const serving = await authority.issueServer(serverNames);
  const tokens = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const secret = { mode: 0o600 };
  await writeFile(join(pki, 'apiserver.crt'), serving.certPem);
  await writeFile(join(pki, 'apiserver.key'), serving.keyPem, secret);
  await writeFile(join(pki, 'tokens.pub'), tokens.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(join(pki, 'tokens.key'), tokens.privateKey.export({ type: 'pkcs8', format: 'pem' }), secret);
  await writeFile(join(pki, 'audit-policy.json'), JSON.stringify(auditPolicy));
}

export function startApiserver(options: ApiserverOptions): Promise<Running> {
  const { program, dataDir } = options;
  const flags = { ...servingFlags(options), ...(options.auditLog ? auditFlags(dataDir) : {}) };
  return startBound(program, toArguments(flags), { cwd: dataDir, logFile: layout(dataDir).apiserverLog });
}

/**
 * As a real cluster has them, but for what needs parts we do not run: no controller makes default ServiceAccounts, so the admission
 * of that name would refuse each pod, and no node will ever look up the apiserver's endpoint.
 */
function servingFlags({ dataDir, port }: ApiserverOptions): Record<string, string> {
  const { pki } = layout(dataDir);
  return {
    'etcd-servers': etcdEndpoint,
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'secure-port': String(port),
    'cert-dir': pki,
    'tls-cert-file': join(pki, 'apiserver.crt'),
    'tls-private-key-file': join(pki, 'apiserver.key'),
    'client-ca-file': join(pki, 'ca.crt'),
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': join(pki, 'tokens.pub'),
    'service-account-signing-key-file': join(pki, 'tokens.key'),
    'service-cluster-ip-range': '10.0.0.0/24',
    'allow-privileged': 'true',
    'disable-admission-plugins': 'ServiceAccount',
    'endpoint-reconciler-type': 'none',
  };
}

/** Blocking: an event is in the file before the client has its answer, so a test may count writes right away. */
function auditFlags(dataDir: string): Record<string, string> {
  const { pki, auditLog } = layout(dataDir);
  return {
    'audit-policy-file': join(pki, 'audit-policy.json'),
    'audit-log-path': auditLog,
    'audit-log-mode': 'blocking',
  };
}
