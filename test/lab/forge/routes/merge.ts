import { ApiError } from '../http/answer.ts';
import { numberParam } from '../http/request.ts';
import { type Route, write } from '../http/route.ts';

/** A merge is a person's: these are here to be refused, and to be counted by the journal of writes. */
export const mergeRoutes: readonly Route[] = [
  write('merge', 'PUT', '/pulls/{pull_number}/merge', (request) => {
    numberParam(request, 'pull_number');
    throw new ApiError(405, 'At least 1 approving review is required by reviewers with write access.');
  }),
  write('merge', 'POST', '/merges', () => {
    throw new ApiError(403, 'Resource not accessible by personal access token');
  }),
];
