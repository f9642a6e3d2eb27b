import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import type { FileEdit } from '../../../skill.ts';
import { isRecord, record, text } from '../args.ts';
import { assertSessionBranch, assertWritable, type GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import type { Person } from '../git/commit.ts';
import { pushCommit, type PushRequest } from '../git/push.ts';
import { withScratch } from '../git/scratch.ts';
import { input, output, sessionBranch, sha, string } from '../schema.ts';

const singleLine = { type: 'string', pattern: '^[^\\n\\r\\0<>]+$', maxLength: 200 };
const person = {
  type: 'object',
  additionalProperties: false,
  properties: { name: singleLine, email: singleLine },
  required: ['name', 'email'],
};

export const pushCommitTool: ToolDefinition<GitHubBackend> = {
  name: 'threehops_push_commit',
  description:
    'Makes one commit of whole-file edits on top of `base` and pushes it to a threehops/* branch, never by force. The same arguments ' +
    'make the same commit: a repetition answers created: false.',
  access: 'Write',
  input: input(
    {
      branch: sessionBranch,
      base: sha,
      edits: {
        type: 'array',
        minItems: 1,
        maxItems: 200,
        items: {
          type: 'object',
          additionalProperties: false,
          properties: { path: { type: 'string', maxLength: 1024 }, content: { type: ['string', 'null'] } },
          required: ['path', 'content'],
        },
      },
      message: { type: 'string', minLength: 1, maxLength: 8192 },
      trailers: {
        type: 'object',
        propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9-]*$' },
        additionalProperties: { type: 'string', pattern: '^[^\\n\\r\\0]*$', maxLength: 500 },
      },
      author: person,
      committer: person,
      date: { type: 'string', format: 'date-time', description: 'Frozen with the plan: part of the commit id' },
    },
    ['branch', 'base', 'edits', 'message', 'author', 'date'],
  ),
  output: output({ sha, parent: sha, tree: sha, branch: string, created: { type: 'boolean' } }),
  async handle(args, { backend, signal }) {
    const repository = { owner: text(args, 'owner'), repo: text(args, 'repo') };
    const request = requestOf(args);
    assertWritable(backend, repository.owner, repository.repo);
    assertSessionBranch(request.branch);
    const pushed = await withScratch(backend, repository, signal, (git) => pushCommit(git, request));
    return { ...pushed, branch: request.branch };
  },
};

function requestOf(args: JsonObject): PushRequest {
  const author = personOf(record(args, 'author'));
  const trailers = record(args, 'trailers');
  return {
    branch: text(args, 'branch'),
    base: text(args, 'base'),
    edits: editsOf(args, 'edits'),
    message: text(args, 'message'),
    trailers: Object.fromEntries(Object.keys(trailers).map((key) => [key, text(trailers, key)])),
    author,
    committer: isRecord(args['committer']) ? personOf(args['committer']) : author,
    date: text(args, 'date'),
  };
}

function personOf(value: JsonObject): Person {
  return { name: text(value, 'name'), email: text(value, 'email') };
}

/** Reads `[{path, content}]`; a path named twice is refused, because which one counts would be a guess. */
export function editsOf(args: JsonObject, name: string): readonly FileEdit[] {
  const given = args[name];
  const edits = (Array.isArray(given) ? given : []).filter(isRecord).map((edit) => ({
    path: text(edit, 'path'),
    content: edit['content'] === null ? null : text(edit, 'content'),
  }));
  if (new Set(edits.map(({ path }) => path)).size !== edits.length) {
    throw new GitHubToolError('BadArgument', `${name} names a path twice`);
  }
  return edits;
}
