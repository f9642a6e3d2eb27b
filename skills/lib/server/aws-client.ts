import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import type { AwsCredentials, AwsService, AwsSettings } from './aws-settings.ts';

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 15_000;

/** What the constructors of all AWS SDK clients take of us. */
export interface AwsClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly httpAgent: HttpAgent;
    readonly httpsAgent: HttpsAgent;
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Options of a client whose every connection goes through the dialer.
 * @param attempts how often the SDK may send a request: 1 for writes, whose repetition only an intent decides
 */
export function awsClientOptions(
  settings: AwsSettings,
  dialer: Dialer,
  service: AwsService,
  attempts: number,
): AwsClientOptions {
  const endpoint = settings.endpointOf(service);
  const agent = { keepAlive: true, lookup: dialer.lookup };
  return {
    region: settings.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
    maxAttempts: attempts,
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}

/**
 * Node asks no `lookup` for a host that is an address already, so a configured endpoint is checked before each request.
 * @throws HostRefusedError
 */
export async function checkEndpoint(
  settings: AwsSettings,
  dialer: Dialer,
  service: AwsService,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = settings.endpointOf(service);
  if (endpoint === undefined) return;
  await dialer.pin(new URL(endpoint).hostname.replace(/^\[|\]$/g, ''), signal);
  signal.throwIfAborted();
}
