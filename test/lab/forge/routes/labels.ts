import type { Answer } from '../http/answer.ts';
import { created, notFound, validationFailed } from '../http/answer.ts';
import { listed } from '../http/pages.ts';
import { optionalString, param, type RepositoryRequest, requiredString, stringList } from '../http/request.ts';
import { read, type Route, write } from '../http/route.ts';
import { label } from '../shapes/label.ts';
import type { Label, Pull } from '../world/repository.ts';
import { issueOf } from './comments.ts';

export const labelRoutes: readonly Route[] = [
  read('/labels', (request) => {
    const { world, repository } = request;
    return listed(request, [...repository.labels.values()], (one) => label(world, repository, one));
  }),
  write('label', 'POST', '/labels', (request) => {
    const { world, repository, body } = request;
    const name = requiredString(body, 'name');
    if (repository.labels.has(name))
      throw validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
    const color = optionalString(body, 'color') ?? defaultColor;
    return created(
      label(world, repository, addLabel(request, name, color, optionalString(body, 'description') ?? null)),
    );
  }),
  read('/issues/{issue_number}/labels', (request) => labelsOf(request, issueOf(request))),
  write('label', 'POST', '/issues/{issue_number}/labels', (request) => {
    const issue = issueOf(request);
    return setLabels(request, issue, [...issue.labels, ...namesIn(request)]);
  }),
  write('label', 'PUT', '/issues/{issue_number}/labels', (request) =>
    setLabels(request, issueOf(request), namesIn(request)),
  ),
  write('label', 'DELETE', '/issues/{issue_number}/labels/{name}', (request) => {
    const issue = issueOf(request);
    const name = param(request, 'name');
    if (!issue.labels.includes(name)) throw notFound();
    return setLabels(
      request,
      issue,
      issue.labels.filter((one) => one !== name),
    );
  }),
];

const defaultColor = 'ededed';

function namesIn({ body }: RepositoryRequest): string[] {
  return stringList(body, 'labels') ?? [];
}

function addLabel(
  { world, repository }: RepositoryRequest,
  name: string,
  color: string,
  description: string | null,
): Label {
  const made = { id: world.id('object'), name, color, description };
  repository.labels.set(name, made);
  return made;
}

/** A label that the repository does not know yet is made on the way, as on GitHub. */
function setLabels(request: RepositoryRequest, issue: Pull, names: readonly string[]): Promise<Answer> {
  for (const name of names) if (!request.repository.labels.has(name)) addLabel(request, name, defaultColor, null);
  issue.labels = [...new Set(names)];
  issue.updatedAt = request.world.now();
  return labelsOf(request, issue);
}

function labelsOf(request: RepositoryRequest, issue: Pull): Promise<Answer> {
  const { world, repository } = request;
  const labels = issue.labels.flatMap((name) => repository.labels.get(name) ?? []);
  return listed(request, labels, (one) => label(world, repository, one));
}
