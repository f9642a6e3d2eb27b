import type { JsonObject } from '../../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../../controller/mcp/tool.ts';
import { optionalTexts, text } from '../args.ts';
import type { GitHubBackend } from '../backend.ts';
import { GitHubToolError } from '../errors.ts';
import { input, listOf, output, string } from '../schema.ts';

const file = output({ uri: string, mimeType: string, text: string });
const entry = output({ type: string, name: string, path: string, sha: string });

/** A file is answered as the resource that github-mcp-server embeds, a folder as its list of entries. */
export const getFileContents: ToolDefinition<GitHubBackend> = {
  name: 'get_file_contents',
  description: 'Get the contents of a file or directory of a repository',
  access: 'Read',
  input: input({ path: { ...string, default: '/' }, ref: string, sha: string }),
  output: { oneOf: [file, listOf(entry)] },
  async handle(args, { backend, signal }) {
    const owner = text(args, 'owner');
    const repo = text(args, 'repo');
    const { path = '/', ref, sha } = optionalTexts(args, ['path', 'ref', 'sha']);
    const at = sha ?? ref;
    const plain = path.replace(/^\/+|\/+$/g, '');
    const parameters = { owner, repo, path: plain, ...(at === undefined ? {} : { ref: at }), request: { signal } };
    const { data } = await backend.octokit.rest.repos.getContent(parameters);
    if (Array.isArray(data)) return data.map(folderEntry);
    if (data.type !== 'file') throw new GitHubToolError('NotExpressible', `${path} is a ${data.type}`);
    // Above a megabyte GitHub answers a file without its content.
    if (data.size > 0 && (!('content' in data) || data.content === '')) {
      throw new GitHubToolError('TooLarge', `${path} has ${data.size} bytes`);
    }
    const content = Buffer.from('content' in data ? data.content : '', 'base64').toString('utf8');
    return {
      uri: `repo://${owner}/${repo}/sha/${data.sha}/contents/${plain}`,
      mimeType: 'text/plain; charset=utf-8',
      text: content,
    };
  },
};

function folderEntry(entry: { type: string; name: string; path: string; size?: number; sha: string }): JsonObject {
  return { type: entry.type, name: entry.name, path: entry.path, size: entry.size ?? 0, sha: entry.sha };
}
