import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { objectOf, textOf, textsOf } from '../reading.ts';

/** The services that have clients here; also the keys of `settings.endpoints`. */
export type AwsService = 'ecs' | 'cloudwatch' | 'elasticache' | 'lambda' | 'logs' | 'sqs' | 'sts';

/**
 * An AWS server's block in the operator's configuration:
 * `{region, endpoint?, endpoints?: {ecs?, cloudwatch?, elasticache?, lambda?, logs?, sqs?, sts?}, allowedAccounts?: [], allowedClusters?: [],
 * credentials?: {accessKeyId, secretAccessKey, sessionToken?}, defaultCredentials?: boolean}`.
 * Empty allow-lists allow no write at all.
 */
export interface AwsSettings {
  readonly region: string;
  endpointOf(service: AwsService): string | undefined;
  readonly allowedAccounts: readonly string[];
  readonly allowedClusters: readonly string[];
  /** Undefined: the SDK's own chain (the operator's role), which `defaultCredentials` must have allowed. */
  readonly credentials: AwsCredentials | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Keys of a Secret are the SDK's words, or the environment variables that every AWS tool knows. */
const credentialNames = {
  accessKeyId: ['accessKeyId', 'AWS_ACCESS_KEY_ID'],
  secretAccessKey: ['secretAccessKey', 'AWS_SECRET_ACCESS_KEY'],
  sessionToken: ['sessionToken', 'AWS_SESSION_TOKEN'],
} as const;

/** @throws ToolFault `RegionMissing` or `CredentialsMissing` */
export function awsSettings(connection: Pick<ServerConnection, 'settings' | 'credentials'>): AwsSettings {
  const { settings } = connection;
  const region = textOf(settings['region']);
  if (region === undefined) throw new ToolFault('RegionMissing', 'the operator configures no region for this server');
  const endpoints = objectOf(settings['endpoints']);
  return {
    region,
    endpointOf: (service) => textOf(endpoints[service]) ?? textOf(settings['endpoint']),
    allowedAccounts: textsOf(settings['allowedAccounts']),
    allowedClusters: textsOf(settings['allowedClusters']),
    credentials: credentialsOf(connection.credentials, settings),
  };
}

function credentialsOf(secret: JsonObject, settings: JsonObject): AwsCredentials | undefined {
  const given = readCredentials(secret) ?? readCredentials(objectOf(settings['credentials']));
  if (given === undefined && settings['defaultCredentials'] !== true) {
    throw new ToolFault('CredentialsMissing', 'no AWS credentials: neither a Secret nor the operator gives any');
  }
  return given;
}

function readCredentials(from: JsonObject): AwsCredentials | undefined {
  const read = (names: readonly string[]): string | undefined => names.map((name) => textOf(from[name])).find(Boolean);
  const accessKeyId = read(credentialNames.accessKeyId);
  const secretAccessKey = read(credentialNames.secretAccessKey);
  const sessionToken = read(credentialNames.sessionToken);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
