import type { Route } from '../http/route.ts';
import { branchRoutes } from './branches.ts';
import { checkRoutes } from './checks.ts';
import { commentRoutes } from './comments.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { gitObjectRoutes } from './git-objects.ts';
import { labelRoutes } from './labels.ts';
import { logRoutes } from './logs.ts';
import { mergeRoutes } from './merge.ts';
import { pullRoutes } from './pulls.ts';
import { refRoutes } from './refs.ts';
import { repositoryRoutes } from './repository.ts';
import { runRoutes } from './runs.ts';
import { statusRoutes } from './statuses.ts';
import { userRoutes } from './user.ts';
import { workflowRoutes } from './workflows.ts';

/** Every operation of GitHub's REST API that the forge has. */
export const allRoutes: readonly Route[] = [
  ...userRoutes,
  ...repositoryRoutes,
  ...gitObjectRoutes,
  ...refRoutes,
  ...contentRoutes,
  ...commitRoutes,
  ...branchRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...statusRoutes,
  ...checkRoutes,
  ...mergeRoutes,
  ...workflowRoutes,
  ...runRoutes,
  ...logRoutes,
];
