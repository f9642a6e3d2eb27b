import { Octokit } from '@octokit/rest';
import { repositoryMatches, workflowMatches } from '../../../controller/config/glob.ts';
import type { Dialer } from '../../../controller/mcp/dialer.ts';
import { fetchVia } from '../../../controller/mcp/guards.ts';
import type { ServerConnection } from '../../../controller/mcp/tool.ts';
import { GitHubToolError } from './errors.ts';

/** What every tool of the server works on. */
export interface GitHubBackend {
  readonly octokit: Octokit;
  readonly dialer: Dialer;
  /** Empty without a Secret: public repositories can still be read. */
  readonly token: string;
  /** Where repositories are cloned from and pushed to: `<gitBaseUrl>/<owner>/<repo>.git`. */
  readonly gitBaseUrl: string;
  readonly gitBinary: string;
  /** A PEM file of the certificate authorities that git accepts; the system's where it is not given. */
  readonly caFile?: string;
  /** `owner/name` globs; none means that nothing may be written anywhere. */
  readonly allowedRepositories: readonly string[];
  /** `owner/name/file` globs; none means that no workflow may be started or run again. */
  readonly allowedWorkflows: readonly string[];
}

const publicApi = 'https://api.github.com';

/**
 * Settings: `baseUrl` (REST, default api.github.com; `https://HOST/api/v3` elsewhere), `gitBaseUrl`, `gitBinary`, `caFile`,
 * `allowedRepositories`, `allowedWorkflows`. Credentials: `token`.
 */
export function connectGitHub({ settings, credentials, dialer }: ServerConnection): GitHubBackend {
  const baseUrl = textSetting(settings['baseUrl'], publicApi).replace(/\/+$/, '');
  const token = credentials['token'] ?? '';
  const silent = (): void => undefined;
  const octokit = new Octokit({
    baseUrl,
    userAgent: 'threehops',
    ...(token === '' ? {} : { auth: token }),
    // A job's log may be large.
    request: { fetch: fetchVia(dialer, { timeoutMs: 20_000, maxBytes: 16 * 1024 * 1024 }) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const caFile = textSetting(settings['caFile'], '');
  return {
    octokit,
    dialer,
    token,
    gitBaseUrl: textSetting(settings['gitBaseUrl'], gitBase(baseUrl)).replace(/\/+$/, ''),
    gitBinary: textSetting(settings['gitBinary'], 'git'),
    ...(caFile === '' ? {} : { caFile }),
    allowedRepositories: textList(settings['allowedRepositories']),
    allowedWorkflows: textList(settings['allowedWorkflows']),
  };
}

function gitBase(baseUrl: string): string {
  return baseUrl === publicApi ? 'https://github.com' : new URL(baseUrl).origin;
}

function textSetting(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}

/** @throws GitHubToolError RepositoryNotAllowed: the operator's configuration does not let it write there. */
export function assertWritable({ allowedRepositories }: GitHubBackend, owner: string, repo: string): void {
  const name = `${owner}/${repo}`;
  if (!allowedRepositories.some((glob) => repositoryMatches(glob, name)))
    throw new GitHubToolError('RepositoryNotAllowed', `${name} is not in allow.repositories`);
}

const folder = '.github/workflows/';

/**
 * @param path of its file in the repository: a workflow goes by that, as its id and its name tell nobody what it does.
 * @throws GitHubToolError WorkflowNotAllowed: nobody said that it may be started, and it may release to production.
 */
export function assertMayRun({ allowedWorkflows }: GitHubBackend, owner: string, repo: string, path: string): void {
  const file = path.startsWith(folder) ? path.slice(folder.length) : path;
  if (!allowedWorkflows.some((glob) => workflowMatches(glob, `${owner}/${repo}`, file)))
    throw new GitHubToolError('WorkflowNotAllowed', `${owner}/${repo}/${file} is not in allow.workflows`);
}

/** @throws GitHubToolError BranchNotAllowed. The schema says the same; this holds where the schema was not looked at. */
export function assertSessionBranch(branch: string): void {
  const plain =
    /^threehops\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(branch) && !branch.includes('..') && !/\.(lock)?$/.test(branch);
  if (!plain)
    throw new GitHubToolError(
      'BranchNotAllowed',
      `only threehops/* branches are written, not ${JSON.stringify(branch)}`,
    );
}
