import { gitText, type Git } from './run.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

/** All that decides a commit's id besides its content: the same values give the same id again. */
export interface CommitText {
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
  readonly author: Person;
  readonly committer: Person;
  /** RFC 3339; whole seconds, written in UTC. */
  readonly date: string;
}

export async function writeCommit(git: Git, tree: string, parent: string, text: CommitText): Promise<string> {
  const date = `${Math.floor(Date.parse(text.date) / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: text.author.name,
    GIT_AUTHOR_EMAIL: text.author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: text.committer.name,
    GIT_COMMITTER_EMAIL: text.committer.email,
    GIT_COMMITTER_DATE: date,
  };
  return gitText(git, ['commit-tree', tree, '-p', parent, '-F', '-'], { env, input: commitMessage(text) });
}

/** The message with its trailers as git reads them: a last paragraph of `Key: value` lines. */
export function commitMessage({ message, trailers }: Pick<CommitText, 'message' | 'trailers'>): string {
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${value}`);
  const body = message.replaceAll('\r\n', '\n').trim();
  return lines.length === 0 ? `${body}\n` : `${body}\n\n${lines.join('\n')}\n`;
}
