import { expect, test } from 'vitest';
import { checkOf } from '../../../../controller/mcp/schema.ts';
import { server } from '../../../../skills/github/server/server.ts';

const names = ['.', '..', '...', '', 'a/b', '../a', '.github', 'a', 'a.b', '_a-', 'shop..x'];
const good = ['.github', 'a', 'a.b', '_a-', 'shop..x'];

test.each(server.tools.map(({ name, input }) => [name, input] as const))(
  '%s takes no owner and no repository that leads elsewhere in a URL',
  (_, input) => {
    const properties = Object.fromEntries(
      Object.entries(input['properties'] ?? {}).filter(([name]) => name === 'owner' || name === 'repo'),
    );
    const check = checkOf({ type: 'object', properties });
    expect(names.filter((owner) => check({ owner, repo: 'a' }) === undefined)).toEqual(good);
    expect(names.filter((repo) => check({ owner: 'a', repo }) === undefined)).toEqual(good);
  },
);
