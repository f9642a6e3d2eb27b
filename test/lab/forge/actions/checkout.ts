import { mkdirSync } from 'node:fs';
import { resolveCommit } from '../git/commits.ts';
import { gitIn } from '../git/git.ts';
import type { Repository } from '../world/repository.ts';

export interface CheckoutOptions {
  readonly repository: Repository;
  readonly folder: string;
  /** What is checked out when `with.ref` does not say. */
  readonly sha: string;
  readonly branch: string;
  readonly with: Readonly<Record<string, string>>;
  /** Where `origin` points to, and the header that lets it be used. */
  readonly cloneUrl: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

/** The inputs of actions/checkout that the forge honours; others would silently do something else. */
const known = new Set(['ref', 'fetch-depth', 'persist-credentials']);

/** What `actions/checkout` does: the commit's files and a git repository around them. @throws Error for the job's log */
export async function checkout(options: CheckoutOptions): Promise<string> {
  const { repository, folder, signal } = options;
  const unknown = Object.keys(options.with).find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`actions/checkout: the input ${unknown} is not supported by the lab`);
  const ref = options.with['ref'] ?? '';
  const sha = ref === '' ? options.sha : await resolveCommit(repository.git, ref.replace(/^refs\/(heads|tags)\//, ''));
  if (sha === undefined) throw new Error(`actions/checkout: ${ref} is not in ${repository.fullName}`);
  mkdirSync(folder, { recursive: true });
  const git = gitIn(folder, signal);
  await git.text(['init', '--quiet', '--template=', '.']);
  const depth = options.with['fetch-depth'] === '0' ? [] : ['--depth=1'];
  await git.text(['fetch', '--quiet', ...depth, `file://${repository.git.path}`, sha]);
  await git.text(['checkout', '--quiet', '--force', ...(ref === '' ? ['-B', options.branch] : ['--detach']), sha]);
  await git.text(['remote', 'add', 'origin', options.cloneUrl]);
  if (options.with['persist-credentials'] === 'false') return sha;
  const basic = Buffer.from(`x-access-token:${options.token}`).toString('base64');
  await git.text(['config', `http.${options.cloneUrl}.extraheader`, `AUTHORIZATION: basic ${basic}`]);
  return sha;
}
