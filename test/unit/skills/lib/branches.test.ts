import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import { listBranches, TooManyBranches } from '../../../../skills/lib/github/branches.ts';
import { fakeTools, never } from './fake-tools.ts';

const repository = { owner: 'acme', repo: 'shop' };

/** A server with so many branches, page by page. */
function serverOf(count: number) {
  const asked: JsonObject[] = [];
  const tools = fakeTools({
    list_branches(args) {
      asked.push(args);
      const first = (Number(args['page']) - 1) * Number(args['perPage']);
      const length = Math.max(0, Math.min(Number(args['perPage']), count - first));
      return Array.from({ length }, (_, index) => ({ name: `branch-${first + index}` }));
    },
  });
  return { tools, asked };
}

describe('the branches of a repository', () => {
  it.each([
    [0, 1],
    [99, 1],
    [100, 2],
    [250, 3],
  ])('are all there when there are %i, for %i calls', async (count, calls) => {
    const { tools, asked } = serverOf(count);
    const names = await listBranches(tools, repository, never);
    expect(names).toEqual(Array.from({ length: count }, (_, index) => `branch-${index}`));
    expect(asked).toEqual(
      Array.from({ length: calls }, (_, index) => ({ ...repository, perPage: 100, page: index + 1 })),
    );
  });

  it('are never told in part: of a server that goes on for ever there are too many', async () => {
    const { tools, asked } = serverOf(1_000_000);
    await expect(listBranches(tools, repository, never)).rejects.toThrow(TooManyBranches);
    expect(asked).toHaveLength(100);
  });
});
