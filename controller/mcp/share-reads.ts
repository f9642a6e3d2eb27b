import type { ToolCaller } from './client.ts';
import type { SharingOptions, Coalescer } from './coalesce.ts';

export interface ShareOptions {
  readonly coalescer: Coalescer;
  readonly server: string;
  /** `ToolCredentials.digest` of the client behind `tools`. */
  readonly credentials: string;
  /** The tools whose answers may be shared. Every other tool, and so every write, is called each time. */
  readonly reads: readonly string[];
  readonly notBefore?: SharingOptions['notBefore'];
}

/** Tools whose equal calls by different sessions are one call. */
export function shareReads(tools: ToolCaller, options: ShareOptions): ToolCaller {
  const { coalescer, server, credentials, notBefore } = options;
  const reads = new Set(options.reads);
  return {
    async call(tool, args, signal) {
      if (!reads.has(tool)) return tools.call(tool, args, signal);
      const question = { identity: `${server}\n${tool}`, args, credentials };
      const asked = notBefore === undefined ? { signal } : { signal, notBefore };
      return coalescer.share(question, (shared) => tools.call(tool, args, shared), asked);
    },
  };
}
