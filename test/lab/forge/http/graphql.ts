import type { IncomingMessage } from 'node:http';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { nodeId } from '../shapes/user.ts';
import type { Pull, Repository } from '../world/repository.ts';
import { maySee, type TokenOptions } from '../world/tokens.ts';
import type { World } from '../world/world.ts';
import { type Answer, ApiError, ok } from './answer.ts';
import { authenticate, readJson } from './api.ts';

export const graphqlPath = '/api/graphql';

const mutations = { markPullRequestReadyForReview: false, convertPullRequestToDraft: true } as const;

type Mutation = keyof typeof mutations;

/**
 * The two mutations by which GitHub turns a draft into a pull request and back, as its REST API cannot. Nothing else of GraphQL is
 * here: the query is searched for the mutation's name, and the pull request is the one whose node id is in the query or its variables.
 */
export async function answerGraphql(world: World, message: IncomingMessage): Promise<Answer> {
  try {
    const actor = authenticate(world, message);
    return await mutate(world, actor, await readJson(message));
  } catch (error) {
    if (error instanceof ApiError) return error.answer();
    throw error;
  }
}

async function mutate(world: World, actor: TokenOptions, body: JsonObject): Promise<Answer> {
  const text = JSON.stringify(body);
  const mutation = (Object.keys(mutations) as Mutation[]).find((name) => text.includes(name));
  if (mutation === undefined)
    return failed('UNSUPPORTED', `The lab knows only ${Object.keys(mutations).join(' and ')}`);
  const found = findPull(world, actor, text);
  if (found === undefined) return failed('NOT_FOUND', 'Could not resolve to a node with the given global id');
  if (actor.scope === 'read') return failed('FORBIDDEN', 'Resource not accessible by personal access token');
  const { repository, pull } = found;
  const path = `/pulls/${pull.number}`;
  return world.writes.perform(
    { kind: 'pull', method: 'PATCH', path, repository: repository.fullName, actor: actor.login, changes: [] },
    async () => {
      Object.assign(pull, { draft: mutations[mutation], updatedAt: world.now() });
      const shown = { id: nodeId('PullRequest', pull.id), number: pull.number, isDraft: pull.draft };
      return ok({ data: { [mutation]: { pullRequest: shown } } });
    },
    () => true,
  );
}

function findPull(world: World, actor: TokenOptions, text: string): { repository: Repository; pull: Pull } | undefined {
  for (const repository of world.repositories.values()) {
    if (!maySee(actor, repository.fullName)) continue;
    const pull = repository.pulls.find(({ id }) => text.includes(nodeId('PullRequest', id)));
    if (pull !== undefined) return { repository, pull };
  }
  return undefined;
}

function failed(type: string, message: string): Answer {
  return ok({ data: null, errors: [{ type, message }] });
}
