import { ok } from '../http/answer.ts';
import { rateLimit } from '../http/limits.ts';
import type { Route } from '../http/route.ts';
import { simpleUser, userEmail } from '../shapes/user.ts';

const birthday = '2020-01-01T00:00:00Z';

/** What is about the token and not about a repository. */
export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/user',
    handle: async ({ world, actor }) =>
      ok({
        ...simpleUser(world, actor.login),
        user_view_type: 'public',
        name: actor.login,
        company: null,
        blog: null,
        location: null,
        email: userEmail(actor.login),
        hireable: null,
        bio: null,
        public_repos: 0,
        public_gists: 0,
        followers: 0,
        following: 0,
        created_at: birthday,
        updated_at: birthday,
      }),
  },
  {
    method: 'GET',
    path: '/rate_limit',
    handle: async ({ world }) => {
      const limit = rateLimit(world.options.now());
      return ok({ resources: { core: limit, search: limit }, rate: limit });
    },
  },
];
