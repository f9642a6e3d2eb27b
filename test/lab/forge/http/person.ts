import { type Person, rfc3339 } from '../git/commits.ts';
import { userEmail } from '../shapes/user.ts';
import { ApiError } from './answer.ts';
import { optionalObject, optionalString, type RepositoryRequest, requiredString } from './request.ts';

export interface Authorship {
  readonly author: Person;
  readonly committer: Person;
}

/** Author and committer as a request gives them: the author is the token's owner by default, the committer is the author. */
export function authorship(request: RepositoryRequest): Authorship {
  const { world, actor } = request;
  const self = { name: actor.login, email: userEmail(actor.login), date: world.now() };
  const author = personIn(request, 'author') ?? self;
  return { author, committer: personIn(request, 'committer') ?? author };
}

function personIn({ body, world }: RepositoryRequest, field: string): Person | undefined {
  const given = optionalObject(body, field);
  if (given === undefined) return undefined;
  const date = optionalString(given, 'date');
  const at = date === undefined ? undefined : new Date(date);
  if (at !== undefined && Number.isNaN(at.getTime()))
    throw new ApiError(422, `Invalid request.\n\n"${field}.date" is not a time.`);
  return {
    name: requiredString(given, 'name'),
    email: requiredString(given, 'email'),
    date: at === undefined ? world.now() : rfc3339(at),
  };
}
