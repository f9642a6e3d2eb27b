import type { Environment } from './runtime/environment.ts';

/** The environments of one function: some wait for work, the others have some. */
export class Pool {
  readonly #alive = new Set<Environment>();
  #idle: Environment[] = [];
  /** Invocations under way. */
  running = 0;

  /** One that waits, the latest used; those of another revision are of no use any more. */
  take(revision: string): Environment | undefined {
    const isFit = ({ isGone, definition }: Environment): boolean => !isGone && definition.revision === revision;
    for (const old of this.#idle.filter((environment) => !isFit(environment))) void this.#end(old);
    this.#idle = this.#idle.filter(isFit);
    return this.#idle.pop();
  }

  add(environment: Environment): Environment {
    this.#alive.add(environment);
    return environment;
  }

  async giveBack(environment: Environment): Promise<void> {
    if (environment.isGone) await this.#end(environment);
    else this.#idle.push(environment);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#alive].map((environment) => this.#end(environment)));
  }

  async #end(environment: Environment): Promise<void> {
    await environment.destroy();
    this.#alive.delete(environment);
  }
}
