import type { Actions } from '../actions/actions.ts';
import type { Downloads } from '../http/downloads.ts';
import type { Route } from '../http/route.ts';
import { logRoutes } from './logs.ts';
import { mergeRoutes } from './merge.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repository.ts';
import { runRoutes } from './runs.ts';
import { workflowRoutes } from './workflows.ts';

/** Every operation of GitHub's REST API that the forge has. */
export function allRoutes(actions: Actions, downloads: Downloads): readonly Route[] {
  return [
    ...repositoryRoutes,
    ...refRoutes,
    ...pullRoutes,
    ...mergeRoutes,
    ...workflowRoutes(actions),
    ...runRoutes(actions),
    ...logRoutes(downloads),
  ];
}
