import { isIP, type Socket } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Json } from '../../../controller/api/json.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import { connectSocket } from '../../../controller/mcp/guards.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { HttpBackend } from './server.ts';

/** Shakes hands only to read the certificate, whether or not it is one to trust: nothing is sent. */
export const tlsCertificate: ToolDefinition<HttpBackend> = {
  name: 'tls_certificate',
  description: 'Reads the certificate that a TLS server shows.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['host'],
    properties: {
      host: { type: 'string', minLength: 1, maxLength: 253 },
      port: { type: 'integer', minimum: 1, maximum: 65_535, default: 443 },
      timeoutMs: { type: 'integer', minimum: 100, maximum: 30_000, default: 4_000 },
    },
  },
  output: {
    type: 'object',
    required: ['subject', 'issuer', 'validFrom', 'validTo'],
    properties: {
      subject: { type: 'string' },
      issuer: { type: 'string' },
      validFrom: { type: 'string', format: 'date-time' },
      validTo: { type: 'string', format: 'date-time' },
    },
  },
  async handle(args, { backend, signal }) {
    const host = textOf(args['host']) ?? '';
    const timeoutMs = numberOf(args['timeoutMs']) ?? 4_000;
    const late = new AbortController();
    const cancel = backend.clock.timer(timeoutMs, () =>
      late.abort(new ToolFault('DialTimeout', `no handshake within ${timeoutMs} ms`)),
    );
    try {
      const to = { host, port: numberOf(args['port']) ?? 443 };
      return describe(await certificateOf(backend.dialer, to, AbortSignal.any([signal, late.signal])));
    } finally {
      cancel();
    }
  },
};

async function certificateOf(
  dialer: Dialer,
  to: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<PeerCertificate> {
  const socket = await connectSocket(dialer, to, signal);
  try {
    return await peerCertificate(socket, to.host, signal);
  } finally {
    socket.destroy();
  }
}

function describe(certificate: PeerCertificate): Json {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFrom: new Date(certificate.valid_from).toISOString(),
    validTo: new Date(certificate.valid_to).toISOString(),
  };
}

async function peerCertificate(socket: Socket, host: string, signal: AbortSignal): Promise<PeerCertificate> {
  const shaken = Promise.withResolvers<PeerCertificate>();
  const tls: TLSSocket = connect({
    socket,
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  const onAbort = (): void => shaken.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  tls.once('secureConnect', () => shaken.resolve(tls.getPeerCertificate()));
  tls.on('error', shaken.reject);
  try {
    const certificate = await shaken.promise;
    if (Number.isNaN(Date.parse(certificate.valid_to)))
      throw new ToolFault('NoCertificate', 'no certificate was shown');
    return certificate;
  } finally {
    signal.removeEventListener('abort', onAbort);
    tls.destroy();
  }
}

function nameOf(subject: PeerCertificate['subject']): string {
  const { CN, O } = (subject ?? {}) as { readonly CN?: string | string[]; readonly O?: string | string[] };
  return [CN ?? O ?? ''].flat().join(', ');
}
