import { ok } from '../http/answer.ts';
import { read, type Route } from '../http/route.ts';
import { fullRepository } from '../shapes/repository.ts';

export const repositoryRoutes: readonly Route[] = [
  read('', ({ world, repository, actor }) =>
    ok({
      ...fullRepository(world, repository),
      permissions: { admin: actor.scope === 'admin', push: actor.scope !== 'read', pull: true },
    }),
  ),
];
