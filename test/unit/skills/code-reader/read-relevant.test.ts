import { describe, expect, it } from 'vitest';
import { readRelevant } from '../../../../skills/code-reader/read-relevant.ts';
import { framesOf } from '../../../../skills/code-reader/places.ts';

const long = Array.from({ length: 200 }, (_, index) => `line ${index + 1}`).join('\n');
const files: Record<string, string> = {
  'src/batch.js': long,
  'src/pool.js': 'export const limit = 5;\n',
};
const budget = { characters: 60_000, reads: 30 };

/** A repository, and what was asked of it. */
function repository() {
  const asked: string[] = [];
  const read = async (path: string): Promise<string | undefined> => {
    asked.push(path);
    return files[path];
  };
  return { asked, read };
}

const trace = `Error: x
    at run (/app/src/batch.js:120:7)
    at next (/app/node_modules/pg/lib/client.js:5:1)
    at process.processTicks (node:internal/process:1:1)`;

describe('reading what is relevant', () => {
  it('finds the place of a trace by the end of its path, with the lines around it', async () => {
    const { asked, read } = repository();
    const { excerpts, leftOut } = await readRelevant(read, { trace, changed: [] }, budget);
    expect(excerpts).toMatchObject([
      { path: 'src/batch.js', line: 80, why: 'in the stack trace at /app/src/batch.js:120' },
    ]);
    expect(excerpts[0]?.text.split('\n')[40]).toBe('line 120');
    expect(leftOut).toEqual([]);
    expect(asked).toEqual(['src/batch.js']);
  });

  it('reads what a commit changed', async () => {
    const changed = [{ path: 'src/pool.js', why: 'changed by ccccccc' }];
    const { excerpts } = await readRelevant(repository().read, { trace: '', changed }, budget);
    expect(excerpts).toEqual([{ path: 'src/pool.js', line: 1, text: files['src/pool.js'], why: 'changed by ccccccc' }]);
  });

  it('keeps to its budget and says what it left out', async () => {
    const clues = { trace: `${trace}\n at z (/app/src/pool.js:1:1)\n at q (/app/src/none.js:1:1)`, changed: [] };
    const { excerpts, leftOut } = await readRelevant(repository().read, clues, { ...budget, characters: 30 });
    expect(excerpts.map(({ path }) => path)).toEqual(['src/pool.js']);
    expect(leftOut).toEqual([expect.stringMatching(/^src\/batch.js: no room/), '/app/src/none.js: not found']);
  });

  it('fetches no more files than it may', async () => {
    const { asked, read } = repository();
    const changed = ['a.js', 'b.js', 'src/pool.js'].map((path) => ({ path, why: 'changed' }));
    const { excerpts, leftOut } = await readRelevant(read, { trace: '', changed }, { ...budget, reads: 2 });
    expect([asked, excerpts]).toEqual([['a.js', 'b.js'], []]);
    expect(leftOut).toContain('src/pool.js: not found');
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
