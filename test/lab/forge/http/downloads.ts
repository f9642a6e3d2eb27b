import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.ts';

const prefix = '/_downloads/';

/** Files at addresses that cannot be guessed and that need no token: what GitHub redirects log requests to. */
export class Downloads {
  readonly #files = new Map<string, Answer>();

  /** The path under the forge's URL. */
  add(type: string, body: Buffer): string {
    const path = `${prefix}${randomUUID()}`;
    this.#files.set(path, { status: 200, type, body });
    return path;
  }

  find(path: string): Answer | undefined {
    return path.startsWith(prefix)
      ? (this.#files.get(path) ?? { status: 404, body: { message: 'Not Found' } })
      : undefined;
  }
}
