import type { JsonObject } from '../../../../controller/api/json.ts';
import { created, noContent, notFound, ok } from '../http/answer.ts';
import { listed } from '../http/pages.ts';
import { numberParam, type RepositoryRequest, requiredString } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { repositoryPage, repositoryUrl } from '../shapes/repository.ts';
import { nodeId, simpleUser } from '../shapes/user.ts';
import type { Comment, Pull } from '../world/repository.ts';

/** Every issue of the forge is a pull request. */
export const commentRoutes: readonly Route[] = [
  read('/issues/{issue_number}/comments', (request) => {
    const { number } = issueOf(request);
    const since = request.query.get('since') ?? '';
    const all = request.repository.comments.filter(({ issue, updatedAt }) => issue === number && updatedAt >= since);
    return listed(request, all, (comment) => shape(request, comment));
  }),
  write('comment', 'POST', '/issues/{issue_number}/comments', (request) => {
    const { world, repository, actor, body } = request;
    const comment: Comment = {
      id: world.id('object'),
      issue: issueOf(request).number,
      author: actor.login,
      body: requiredString(body, 'body'),
      createdAt: world.now(),
      updatedAt: world.now(),
    };
    repository.comments.push(comment);
    return created(shape(request, comment));
  }),
  read('/issues/comments/{comment_id}', (request) => ok(shape(request, commentOf(request)))),
  write('comment', 'PATCH', '/issues/comments/{comment_id}', (request) => {
    const comment = commentOf(request);
    comment.body = requiredString(request.body, 'body');
    comment.updatedAt = request.world.now();
    return ok(shape(request, comment));
  }),
  write('comment', 'DELETE', '/issues/comments/{comment_id}', (request) => {
    const { comments } = request.repository;
    comments.splice(comments.indexOf(commentOf(request)), 1);
    return noContent;
  }),
];

/** @throws ApiError 404 */
export function issueOf(request: RepositoryRequest): Pull {
  const number = numberParam(request, 'issue_number');
  const pull = request.repository.pulls.find((one) => one.number === number);
  if (pull === undefined) throw notFound();
  return pull;
}

function commentOf(request: RepositoryRequest): Comment {
  const id = numberParam(request, 'comment_id');
  const comment = request.repository.comments.find((one) => one.id === id);
  if (comment === undefined) throw notFound();
  return comment;
}

function shape({ world, repository }: RepositoryRequest, comment: Comment): JsonObject {
  const base = repositoryUrl(world, repository);
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${base}/issues/comments/${comment.id}`,
    html_url: `${repositoryPage(world, repository)}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${base}/issues/${comment.issue}`,
    user: simpleUser(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.author === repository.owner ? 'OWNER' : 'COLLABORATOR',
    performed_via_github_app: null,
  };
}
