import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../controller/api/json.ts';
import { readRelevant } from '../../../../skills/code-reader/read-relevant.ts';
import { framesOf } from '../../../../skills/code-reader/places.ts';
import { fakeTools, never, str } from '../lib/fake-tools.ts';

const long = Array.from({ length: 200 }, (_, index) => `line ${index + 1}`).join('\n');
const files: Record<string, string> = {
  'src/batch.js': long,
  'src/pool.js': 'export const limit = 5;\n',
  'README.md': 'limit',
};
const entry = (path: string, type = 'file'): Json => ({ path, type, name: path, size: 10 });
const folders: Record<string, Json> = {
  '/': [entry('src', 'dir'), entry('README.md')],
  src: [entry('src/batch.js'), entry('src/pool.js')],
};
const tools = () =>
  fakeTools({
    get_file_contents: ({ path }) => {
      const text = files[str(path)];
      return folders[str(path)] ?? (text === undefined ? undefined : { uri: 'u', mimeType: 'm', text });
    },
    get_commit: () => ({
      sha: 'c'.repeat(40),
      commit: { message: 'm', committer: { date: '2026-11-20T10:00:00Z' } },
      files: [
        { filename: 'src/pool.js', status: 'modified' },
        { filename: 'gone.js', status: 'removed' },
      ],
    }),
  });
const source = { repository: { owner: 'acme', repo: 'shop' }, ref: 'main' };

const trace = `Error: x
    at run (/app/src/batch.js:120:7)
    at next (/app/node_modules/pg/lib/client.js:5:1)
    at process.processTicks (node:internal/process:1:1)`;

describe('reading what is relevant', () => {
  it('finds the place of a trace by the end of its path, with the lines around it', async () => {
    const asked = tools();
    const { excerpts, leftOut } = await readRelevant(asked, source, { trace }, never);
    expect(excerpts).toMatchObject([
      { path: 'src/batch.js', line: 80, why: 'in the stack trace at /app/src/batch.js:120' },
    ]);
    expect(excerpts[0]?.text.split('\n')[40]).toBe('line 120');
    expect(leftOut).toEqual([]);
    expect(asked.calls).toHaveLength(1);
  });

  it('reads what a commit changed, and where a name stands', async () => {
    const commit = await readRelevant(tools(), source, { commit: 'c'.repeat(40) }, never);
    expect(commit.excerpts).toEqual([
      { path: 'src/pool.js', line: 1, text: files['src/pool.js'], why: 'changed by ccccccc' },
    ]);
    const symbol = await readRelevant(tools(), source, { symbol: 'limit' }, never);
    expect(symbol.excerpts).toMatchObject([{ path: 'src/pool.js', why: 'names limit' }]);
  });

  it('keeps to its budget and says what it left out', async () => {
    const clues = { trace: `${trace}\n at z (/app/src/pool.js:1:1)\n at q (/app/src/none.js:1:1)` };
    const { excerpts, leftOut } = await readRelevant(tools(), source, clues, never, { characters: 30 });
    expect(excerpts.map(({ path }) => path)).toEqual(['src/pool.js']);
    expect(leftOut).toEqual([expect.stringMatching(/^src\/batch.js: no room/), '/app/src/none.js: not found']);
  });

  it('reads the traces of other languages', () => {
    const python = 'File "/srv/app/jobs.py", line 7, in run';
    const go = 'main.run(0x1)\n\t/build/cmd/main.go:42 +0x1d';
    expect(framesOf(`${python}\n${go}`).map(({ path, line }) => `${path}:${line}`)).toEqual([
      '/srv/app/jobs.py:7',
      '/build/cmd/main.go:42',
    ]);
  });
});
