// The certificate library registers its parts by decorators, which need this polyfill loaded before it.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key (PKCS #8), both as PEM. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface Lifetime {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The control plane's own certificate authority. It lives in a folder, so that any process that may read it can add a user. */
export interface Authority {
  readonly certPem: string;
  /** For a month without `lifetime`. */
  issueServer(names: readonly string[], lifetime?: Lifetime): Promise<CertificateAndKey>;
  /** Kubernetes reads the user's name from the common name and one group from each organization. */
  issueClient(user: string, groups: readonly string[]): Promise<CertificateAndKey>;
}

type Keys = webcrypto.CryptoKeyPair;

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
const day = 24 * 60 * 60 * 1000;
const files = (folder: string) => ({ cert: join(folder, 'ca.crt'), key: join(folder, 'ca.key') });

/** Makes an authority and keeps it in `folder` as ca.crt and ca.key. */
export async function createAuthority(folder: string): Promise<Authority> {
  const keys = await newKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    ...lifetime(),
    serialNumber: serialNumber(),
    name: [{ CN: ['threehops-lab'] }],
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files(folder).cert, cert.toString('pem'));
  await writeFile(files(folder).key, await keyPem(keys.privateKey), { mode: 0o600 });
  return authority(cert, keys.privateKey);
}

/** The authority that `createAuthority` left in `folder`. */
export async function openAuthority(folder: string): Promise<Authority> {
  const [certPem, pem] = await Promise.all([readFile(files(folder).cert, 'utf8'), readFile(files(folder).key, 'utf8')]);
  const der = x509.PemConverter.decodeFirst(pem);
  const key = await webcrypto.subtle.importKey('pkcs8', der, keyAlgorithm, true, ['sign']);
  return authority(new x509.X509Certificate(certPem), key);
}

function authority(ca: x509.X509Certificate, signingKey: webcrypto.CryptoKey): Authority {
  const issue = async (
    subject: x509.JsonName,
    extensions: x509.Extension[],
    validity = lifetime(),
  ): Promise<CertificateAndKey> => {
    const { publicKey, privateKey } = await newKeys();
    const cert = await x509.X509CertificateGenerator.create({
      ...validity,
      serialNumber: serialNumber(),
      subject,
      issuer: ca.subject,
      signingAlgorithm,
      publicKey,
      signingKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        await x509.AuthorityKeyIdentifierExtension.create(ca),
        ...extensions,
      ],
    });
    return { certPem: cert.toString('pem'), keyPem: await keyPem(privateKey) };
  };
  return {
    certPem: ca.toString('pem'),
    issueServer: (names, validity) =>
      issue([{ CN: [names[0] ?? 'server'] }], [usage('serverAuth'), alternativeNames(names)], validity),
    issueClient: (user, groups) =>
      issue([...groups.map((group) => ({ O: [group] })), { CN: [user] }], [usage('clientAuth')]),
  };
}

function usage(purpose: 'serverAuth' | 'clientAuth'): x509.Extension {
  return new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[purpose]]);
}

function alternativeNames(names: readonly string[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension(
    names.map((name) => ({ type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const), value: name })),
  );
}

async function newKeys(): Promise<Keys> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']) as Promise<Keys>;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** A month: long enough for a lab that is kept, and useless when its folder is found much later. */
function lifetime(): Lifetime {
  const now = Date.now();
  return { notBefore: new Date(now - day), notAfter: new Date(now + 30 * day) };
}

/** Its first bit is cleared, because a serial number must be positive. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString('hex');
}
