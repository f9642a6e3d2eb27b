import type { KubeObject } from './object.ts';
import type { ServerAccess } from './plain-access.ts';
import type { Resource } from './resource.ts';
import { ResourceClient } from './resource-client.ts';
import { Transport, type TransportOptions, type TransportRequest } from './transport.ts';

/** A lean client for any resource: client-node's kubeconfig and authentication, connections of our own. */
export class KubeClient {
  readonly #transport: Transport;

  constructor(config: ServerAccess, options: TransportOptions = {}) {
    this.#transport = new Transport(config, options);
  }

  /** The calls for one resource. */
  resource<T extends KubeObject>(of: Resource<T>): ResourceClient<T> {
    return new ResourceClient<T>(this.#transport, of);
  }

  /** Any other path, such as `/version` or `/readyz`: the text of a 2xx answer; throws an ApiError. */
  raw(request: TransportRequest): Promise<string> {
    return this.#transport.send(request);
  }

  /** Ends every connection, also those of watches. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}
