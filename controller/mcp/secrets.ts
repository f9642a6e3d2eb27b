import type { Coalescer } from './coalesce.ts';
import { type ToolCredentials, toolCredentials } from './credentials.ts';
import { SecretHostNotAllowed, SecretMissing, SecretNotLabelled, SecretUnreadable } from './secret-errors.ts';

/** A v1 Secret, as far as it is read here. */
export interface SecretObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Base64, as the API has it. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Reads one Secret live. The operator may `get` Secrets by name and nothing else: no list, no watch, no cache. */
export interface SecretReader {
  /** Undefined when there is none. @throws the client's errors. */
  get(namespace: string, name: string, signal: AbortSignal): Promise<SecretObject | undefined>;
}

/** Where a map refers to a Secret. */
export interface SecretReference {
  /** The topology's own namespace: a map cannot refer to another one's. */
  readonly namespace: string;
  readonly name: string;
  /** The field of the map that refers to it, for messages: `spec.credentials[0].secretRef`. */
  readonly field: string;
}

export const useLabel = 'threehops.dev/use';
export const allowedHostsAnnotation = 'threehops.dev/allowed-hosts';

/** Secrets as credentials. With a coalescer, one that is needed for many calls is read once in a while. */
export class SecretCredentials {
  readonly #reader: SecretReader;
  readonly #coalescer: Coalescer | undefined;

  constructor(reader: SecretReader, coalescer?: Coalescer) {
    this.#reader = reader;
    this.#coalescer = coalescer;
  }

  /**
   * @param namespace the topology's own
   * @param field the field of the map that refers to it, for messages
   * @throws SecretMissing, SecretNotLabelled, SecretHostNotAllowed, SecretUnreadable; the signal's reason.
   */
  async read(
    namespace: string,
    name: string,
    signal: AbortSignal,
    field = 'spec.credentials.secretRef',
  ): Promise<ToolCredentials> {
    const work = (shared: AbortSignal): Promise<ToolCredentials> =>
      readCredentials(this.#reader, { namespace, name, field }, shared);
    const question = { identity: 'secret', args: { namespace, name, field }, credentials: '' };
    return this.#coalescer === undefined ? work(signal) : this.#coalescer.share(question, work, signal);
  }
}

/**
 * The credentials of a Secret, and the hosts that may see them.
 * @throws SecretMissing, SecretNotLabelled, SecretHostNotAllowed, SecretUnreadable; the signal's reason.
 */
export async function readCredentials(
  reader: SecretReader,
  reference: SecretReference,
  signal: AbortSignal,
): Promise<ToolCredentials> {
  const secret = await read(reader, reference, signal);
  signal.throwIfAborted();
  // A reader that answers another object would hand out another namespace's credentials.
  const same = secret?.metadata.namespace === reference.namespace && secret.metadata.name === reference.name;
  if (secret === undefined || !same) throw new SecretMissing(reference);
  if (secret.metadata.labels?.[useLabel] !== 'true') throw new SecretNotLabelled(reference);
  const hosts = hostList(secret.metadata.annotations?.[allowedHostsAnnotation] ?? '');
  if (hosts.length === 0) throw new SecretHostNotAllowed(reference);
  return toolCredentials(decoded(secret.data ?? {}), hosts);
}

async function read(
  reader: SecretReader,
  reference: SecretReference,
  signal: AbortSignal,
): Promise<SecretObject | undefined> {
  try {
    return await reader.get(reference.namespace, reference.name, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new SecretUnreadable(reference, { cause: error });
  }
}

/** Hosts, comma separated; blanks around them do not matter. */
function hostList(annotation: string): readonly string[] {
  return annotation
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '');
}

function decoded(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
