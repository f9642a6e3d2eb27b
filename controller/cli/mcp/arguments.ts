import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import type { Setting, Settings } from '../../config/config.ts';
import { UsageError } from '../usage-error.ts';

export type McpCommand = { readonly kind: 'Help' } | ({ readonly kind: 'Serve' } & McpOrders);

export interface McpOrders {
  readonly system: string;
  readonly write: boolean;
  /** Where to listen; on the standard streams without it. */
  readonly http?: { readonly host: string; readonly port: number };
  /** The operator's configuration. */
  readonly config?: string;
  readonly settings: Settings;
  /** Hosts (globs), addresses and CIDRs to be reached beside those that are named elsewhere. */
  readonly allow: readonly string[];
}

const options = {
  write: { type: 'boolean', default: false },
  http: { type: 'string' },
  config: { type: 'string' },
  set: { type: 'string', multiple: true, default: [] as string[] },
  allow: { type: 'string', multiple: true, default: [] as string[] },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): McpCommand {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'Help' };
  const [system, ...more] = positionals;
  if (system === undefined) throw new UsageError('which system? See threehops mcp --help');
  if (more.length > 0) throw new UsageError(`one system at a time, not also ${more.join(', ')}`);
  const { write, http, config, allow } = values;
  return {
    kind: 'Serve',
    system,
    write,
    ...(http === undefined ? {} : { http: listenAddress(http) }),
    ...(config === undefined ? {} : { config }),
    settings: Object.fromEntries(values.set.map(settingOf)),
    allow,
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** `[HOST:]PORT`, loopback alone: the server asks nobody who they are. */
function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(.*):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) throw new UsageError(`--http wants [HOST:]PORT, not ${text}`);
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare !== 'localhost' && bare !== '::1' && !(isIP(bare) === 4 && bare.startsWith('127.'))) {
    throw new UsageError(`--http listens on loopback addresses alone, as it asks nobody who they are; not on ${host}`);
  }
  return { host: bare, port };
}

/** `NAME=VALUE`; the value is JSON where it can be read as such, else text. */
function settingOf(text: string): readonly [string, Setting] {
  const split = text.indexOf('=');
  if (split < 1) throw new UsageError(`--set wants NAME=VALUE, not ${text}`);
  const value = text.slice(split + 1);
  try {
    return [text.slice(0, split), JSON.parse(value) as Setting];
  } catch {
    return [text.slice(0, split), value];
  }
}
