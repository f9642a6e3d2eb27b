import type { Octokit } from '@octokit/rest';
import type { Forge } from '../forge.ts';
import { octokitFor } from './client.ts';
import type { GitHubDescription } from './openapi.ts';

/** An answer that is not as the description has it. */
class NotAsDescribed extends Error {
  constructor(problems: readonly string[]) {
    super(problems.slice(0, 20).join('\n'));
    this.name = 'NotAsDescribed';
  }
}

interface Answered {
  readonly status: number;
  readonly headers: { readonly 'content-type'?: string };
  readonly data: unknown;
}

/** Octokit that checks every answer, refusals too, and notes each operation that it asked with success. */
export function checkedOctokit(
  forge: Forge,
  token: string,
  description: GitHubDescription,
  asked: Set<string>,
): Octokit {
  const octokit = octokitFor(forge, token);
  octokit.hook.wrap('request', async (request, options) => {
    const { method, url } = options;
    const check = ({ status, headers, data }: Answered): void => {
      if (status === 200 && !headers['content-type']?.startsWith('application/json')) return;
      const problems = description.problems({ method, path: url, status, type: headers['content-type'], data });
      if (problems.length > 0) throw new NotAsDescribed(problems);
    };
    try {
      const response = await request(options);
      check(response);
      asked.add(`${method} ${url}`);
      return response;
    } catch (error) {
      const { response } = error as { response?: Answered };
      if (response !== undefined) check(response);
      throw error;
    }
  });
  return octokit;
}

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly errors: unknown;
}

/** Waits for a request to be refused. @throws when it is answered, or fails in another way */
export async function refusal(request: Promise<unknown>): Promise<Refusal> {
  try {
    await request;
  } catch (error) {
    const { status, response } = error as {
      status?: number;
      response?: { data: { message: string; errors?: unknown } };
    };
    if (status === undefined || response === undefined) throw error;
    return { status, message: response.data.message, errors: response.data.errors };
  }
  throw new Error('the request was not refused');
}
