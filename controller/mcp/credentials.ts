import { createHash } from 'node:crypto';

/** What a client may present to its system, and where it may present it. */
export interface ToolCredentials {
  readonly data: Readonly<Record<string, string>>;
  /** Hosts (globs) that may see them; undefined where they come with no limit of their own (there are none). */
  readonly allowedHosts?: readonly string[];
  /** SHA-256 over data and hosts: tells two sets apart without showing either. Never logged. */
  readonly digest: string;
}

export function toolCredentials(
  data: Readonly<Record<string, string>>,
  allowedHosts?: readonly string[],
): ToolCredentials {
  const sorted = Object.keys(data)
    .toSorted()
    .map((key) => [key, data[key]]);
  const digest = createHash('sha256')
    .update(JSON.stringify([sorted, allowedHosts?.toSorted() ?? null]))
    .digest('hex');
  return allowedHosts === undefined ? { data, digest } : { data, allowedHosts, digest };
}

/** For systems that are asked without any. */
export const noCredentials: ToolCredentials = toolCredentials({});
