import type { Timings } from './timings.ts';

/** JSON, as the settings of a server are. */
export type Setting = null | boolean | number | string | readonly Setting[] | { readonly [key: string]: Setting };
export type Settings = { readonly [key: string]: Setting };

/**
 * Where the operator may act, in the platform's words. An empty list allows no act on its kind of target; with all of them
 * empty sessions diagnose and propose only. Branches are not here: they are always `threehops/*` (see allow.ts).
 */
export interface Allow {
  /** Account ids, 12 digits; compared with what STS says. */
  readonly awsAccounts: readonly string[];
  /** ECS clusters: names, or ARNs; `*` stands for any characters. */
  readonly clusters: readonly string[];
  /** Host globs: see `hostMatches` in glob.ts. With hosts or CIDRs listed, only those are reached, by readers too. */
  readonly hosts: readonly string[];
  /** Addresses that may be reached whatever their name; the only way to loopback, link-local and the API server. */
  readonly cidrs: readonly string[];
  /** `owner/name` globs. */
  readonly repositories: readonly string[];
  /** `owner/name/file` globs: workflows that may be started and run again, in an allowed repository. */
  readonly workflows: readonly string[];
  /** Namespaces whose sessions may act; `*` stands for any characters. */
  readonly namespaces: readonly string[];
}

/** A program that speaks MCP on its standard streams, for ToolServers that name it. */
export interface StdioServer {
  /** The argument vector; no shell reads it. The program goes by its path. */
  readonly command: readonly string[];
  /** All of its environment besides PATH, HOME, TMPDIR and LANG. */
  readonly env: Readonly<Record<string, string>>;
  /** The variables that a ToolServer's Secret may set, and no others. */
  readonly secretEnv: readonly string[];
  /** Folders and files that it needs, seen read-only at their own paths. */
  readonly readOnly: readonly string[];
  /** Without it there is none, not even a loopback that anything listens on. The outbound allow-lists do not hold for it. */
  readonly network: boolean;
  readonly memoryMiB: number;
  readonly pids: number;
}

export interface LeaderElection {
  readonly enabled: boolean;
  readonly namespace: string;
  readonly name: string;
  readonly leaseSeconds: number;
  readonly renewSeconds: number;
  readonly retrySeconds: number;
}

/** Kubernetes Jobs that checks run in, and what bounds each. */
export interface JobSandbox {
  /** For checks alone: see manifests/sandbox. */
  readonly namespace: string;
  /** Has what the checks need, and sh, tar, gzip, and node, python3 or bash. */
  readonly image: string;
  /** Such as gVisor's or Kata's; empty for the nodes' own. */
  readonly runtimeClassName: string;
  /** The Pod's users are nobody on the node; not every node can do it. */
  readonly userNamespace: boolean;
  readonly memoryMiB: number;
  readonly cpuMilli: number;
  /** Of disk, for all that is written. */
  readonly ephemeralMiB: number;
  /** Asked of the shell that starts a check; the kubelet's podPidsLimit is what holds. */
  readonly processes: number;
  /** Of one check. */
  readonly checkSeconds: number;
  /** Until its Pod runs: a node to be found, an image to be pulled. */
  readonly startSeconds: number;
  /** Of a repository's tree, compressed. */
  readonly treeMiB: number;
  /** Of the operator's Pod, where checks reach the declared hosts. Nothing listens there where none are. */
  readonly proxyPort: number;
  /** Of all that a run says to them and hears of them. */
  readonly proxyMiB: number;
}

/** Bounds of one session, as `spec.limits` of a DebugSession has them. */
export interface SessionLimits {
  readonly wallClockSeconds: number;
  readonly toolCalls: number;
  readonly writes: number;
  /** Of models, in and out together. */
  readonly tokens: number;
  /** Services and callers that could suffer from its acts, all together. */
  readonly blastRadius: number;
}

/** The model that sessions may have asked, and how it is reached. */
export interface Claude {
  /** In the operator's own namespace; its key is under `apiKey`. */
  readonly secretRef: { readonly name: string };
  readonly baseUrl: string;
  readonly model: string;
  /** Of one answer. */
  readonly maxTokens: number;
  /** Of one request. */
  readonly contextTokens: number;
  /** For one request with all its retries and its answer. */
  readonly requestSeconds: number;
}

/** What is taken of Alertmanager. */
export interface AlertsConfig {
  /** Whom callers' tokens must be meant for; empty for the API server. */
  readonly audience: string;
  readonly maxBodyBytes: number;
  /** Requests of one caller. */
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Requests at once. */
  readonly concurrency: number;
  /** For one request. */
  readonly timeoutSeconds: number;
}

/** A certificate with its chain, and its key, in PEM; read again when the files change. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The operator's own configuration, complete and frozen. */
export interface Config {
  readonly allow: Allow;
  /** Settings by server id (`aws-ecs`, `github`, ...), in the server's own words. Secrets have no place here. */
  readonly servers: Readonly<Record<string, Settings>>;
  /** By the name that ToolServers know them by. */
  readonly toolServers: Readonly<Record<string, StdioServer>>;
  /** Without it no model is asked. */
  readonly claude?: Claude;
  readonly leaderElection: LeaderElection;
  /** Sessions worked on at once. */
  readonly workers: number;
  /** `host:port` of /metrics, /healthz and /readyz. */
  readonly metricsAddress: string;
  /** `host:port` of the live progress of sessions, and of alerts. */
  readonly apiAddress: string;
  /** Without it `apiAddress` is plain HTTP, and takes alerts on loopback addresses alone. */
  readonly apiTls?: TlsFiles;
  readonly alerts: AlertsConfig;
  readonly sandbox: {
    /** Where the repositories' own checks run. Stdio servers run in bubblewrap alone. */
    readonly kind: 'Bubblewrap' | 'Job';
    /** A name on PATH or a path. */
    readonly bubblewrap: string;
    /** LD_LIBRARY_PATH of a bubblewrap that was unpacked rather than installed; empty for none. */
    readonly libraryPath: string;
    /** There where `kind` is Job. */
    readonly job?: JobSandbox;
    /** What checks may reach, by a proxy: host globs, with a port or for the ports 80 and 443. `allow` holds for them too. */
    readonly hosts: readonly string[];
  };
  readonly limits: {
    /** Where a session names none. */
    readonly default: SessionLimits;
    /** What no session may exceed. */
    readonly maximum: SessionLimits & { readonly iterations: number };
  };
  readonly timings: Timings;
  /** How old a probe's answer may be that another session is given, at most 5,000. */
  readonly coalesceMs: number;
}
