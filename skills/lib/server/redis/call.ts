import { ErrorReply } from 'redis';
import type { JsonObject, JsonSchema } from '../../../../controller/api/json.ts';
import type { Clock } from '../../../../controller/kube/clock.ts';
import { ToolFault } from '../../../../controller/mcp/fault.ts';
import type { PinnedAddress } from '../../../../controller/mcp/dialer.ts';
import type { ServerConnection } from '../../../../controller/mcp/tool.ts';
import { numberOf, objectOf, textOf } from '../../reading.ts';
import { addressInUrl, type RedisAddress } from '../../redis/address.ts';
import { clientFor } from './client.ts';

export interface RedisBackend {
  readonly connection: ServerConnection;
  readonly clock: Clock;
}

/** Which server is meant: an addition of ours to the tools of the contract, whose own server is bound to one. */
export const connectionSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    host: { type: 'string', pattern: '^[A-Za-z0-9._:-]+$', maxLength: 253 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    tls: { type: 'boolean' },
  },
};

const defaultTimeoutMs = 5_000;

/**
 * Runs one command on a connection of its own: a look is rare, and a connection that is kept would be one more client to a server
 * that may be short of them. Settings: `{timeoutMs?, ca?}`; the Secret: `username`, `password` or `url`, `ca`.
 * @throws ToolFault with the first word of Redis' error (NOAUTH, WRONGPASS, LOADING, ...), `MaxClients`, `AddressMissing`,
 * `DialTimeout`; the dialer's and the socket's errors as they are
 */
export async function runCommand(
  backend: RedisBackend,
  args: JsonObject,
  command: readonly string[],
  signal: AbortSignal,
): Promise<unknown> {
  const { connection, clock } = backend;
  const timeoutMs = numberOf(connection.settings['timeoutMs']) ?? defaultTimeoutMs;
  const asked = { ...addressInUrl(textOf(connection.credentials['url']) ?? ''), ...objectOf(args['connection']) };
  const client = clientFor(connection, asked, await pinned(connection, asked, signal), timeoutMs);
  // Failures are told by what is awaited; without a listener they would end the process.
  client.on('error', () => undefined);
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(signal.reason);
  const cancel = clock.timer(timeoutMs, () =>
    ended.reject(new ToolFault('DialTimeout', `no answer within ${timeoutMs} ms`)),
  );
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([connectAndSend(client, command), ended.promise]);
  } catch (error) {
    throw error instanceof ErrorReply ? faultOf(error) : error;
  } finally {
    cancel();
    signal.removeEventListener('abort', onAbort);
    if (client.isOpen) client.destroy();
  }
}

async function pinned(
  { dialer }: ServerConnection,
  { host }: RedisAddress,
  signal: AbortSignal,
): Promise<PinnedAddress> {
  if (host === undefined) throw new ToolFault('AddressMissing', 'neither the node nor the Secret names a host');
  return dialer.pin(host, signal);
}

async function connectAndSend(client: ReturnType<typeof clientFor>, command: readonly string[]): Promise<unknown> {
  await client.connect();
  return client.sendCommand([...command]);
}

/** Redis' errors begin with a word that is their code. ERR stands for any; the one that is needed is told by its fixed text. */
function faultOf(error: ErrorReply): ToolFault {
  const word = /^[A-Z][A-Z\d]*/.exec(error.message)?.[0] ?? 'ERR';
  const code = error.message === 'ERR max number of clients reached' ? 'MaxClients' : word;
  return new ToolFault(code, error.message, { cause: error });
}
