import { createHash } from 'node:crypto';
import { partsOf, type WireRequest } from './wire.ts';

/** Figures of the right kind and not the real ones: four characters a token. */
export function tokensOf(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4);
}

export interface Usage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

/** What was marked to be cached before is read from there; a mark makes what is before it cached. */
export class PromptCache {
  readonly #prefixes = new Set<string>();

  use(request: WireRequest): Usage {
    const hash = createHash('sha256').update(request.model);
    let [tokens, read, written] = [0, 0, 0];
    for (const { cache_control: mark, ...part } of partsOf(request) as readonly {
      readonly cache_control?: unknown;
    }[]) {
      hash.update(JSON.stringify(part));
      tokens += tokensOf(part);
      const prefix = hash.copy().digest('hex');
      if (this.#prefixes.has(prefix)) read = tokens;
      if (mark === undefined || mark === null) continue;
      written = tokens;
      this.#prefixes.add(prefix);
    }
    return {
      input_tokens: tokens - Math.max(read, written),
      cache_read_input_tokens: read,
      cache_creation_input_tokens: Math.max(0, written - read),
    };
  }
}
