import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { PlanRefused } from '../../../../skills/lib/plan-refused.ts';
import { revertCommit } from '../../../../skills/github/actions/revert-commit.ts';
import { actionContext, fakeTools, str } from '../lib/fake-tools.ts';

const sha = 'a'.repeat(40);
const asked: JsonObject[] = [];

function tools(preview: JsonObject, onBase: Readonly<Record<string, string>>) {
  asked.length = 0;
  return fakeTools({
    get_commit: () => ({
      sha,
      commit: { message: 'Leak\n\nmore', committer: { date: '2026-11-20T10:00:00Z' } },
      files: [
        { filename: 'new.js', previous_filename: 'old.js', status: 'renamed' },
        { filename: 'src/a.js', status: 'modified' },
      ],
    }),
    get_file_contents: ({ path }) => {
      const text = onBase[str(path)];
      return text === undefined ? undefined : { uri: 'u', mimeType: 'm', text };
    },
    threehops_preview_revert: (args) => {
      asked.push(args);
      return preview;
    },
  });
}

const clean = {
  outcome: 'Clean',
  parent: 'b'.repeat(40),
  edits: [{ path: 'src/a.js', content: 'old' }] as Json[],
  diff: '-new\n+old',
  conflicts: [],
  restoredPaths: ['src/a.js'],
  restoresTree: true,
};

describe('github.revert-commit', () => {
  it('renders the reversal, telling what differs on the session’s branch', async () => {
    const base = { 'src/a.js': 'new', 'new.js': 'n' };
    const context = actionContext(tools(clean, base), { repository: 'acme/shop' }, { ...base, 'src/a.js': 'ours' });
    const rendered = await revertCommit.render(context, { sha });
    expect(asked).toEqual([
      { owner: 'acme', repo: 'shop', sha, onto: 'main', current: [{ path: 'src/a.js', content: 'ours' }] },
    ]);
    expect(rendered).toMatchObject({
      diff: '-new\n+old',
      target: { identity: 'github:acme/shop@main' },
      frozen: { sha, message: 'Leak', restoresTree: true, restoredPaths: ['src/a.js'] },
      edits: [{ path: 'src/a.js', content: 'old' }],
    });
    expect(revertCommit.direction({ sha })).toBe(`revert:${sha}`);
  });

  it('notices when an edited file has changed since', async () => {
    const base = { 'src/a.js': 'new', 'new.js': 'n' };
    const of = (files: Record<string, string>) => actionContext(tools(clean, base), { repository: 'acme/shop' }, files);
    const rendered = await revertCommit.render(of(base), { sha });
    expect(await revertCommit.unchanged?.(of(base), rendered)).toBe(true);
    expect(await revertCommit.unchanged?.(of({ ...base, 'src/a.js': 'moved on' }), rendered)).toBe(false);
  });

  it.each(['Conflict', 'NothingToDo', 'NotExpressible'])('refuses by code: %s', async (outcome) => {
    const context = actionContext(
      tools({ ...clean, outcome, conflicts: ['src/a.js'] }, {}),
      { repository: 'acme/shop' },
      {},
    );
    const error = await revertCommit.render(context, { sha }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PlanRefused);
    expect(error).toMatchObject({ code: outcome });
  });

  it('does not read another repository than its node’s', async () => {
    const context = actionContext(tools(clean, {}), { repository: 'acme/shop' }, {});
    await expect(revertCommit.render(context, { sha, repository: 'acme/other' })).rejects.toMatchObject({
      code: 'OtherRepository',
    });
    expect(asked).toEqual([]);
  });
});
