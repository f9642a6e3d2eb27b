import { describe, expect, it } from 'vitest';
import { replaceLiteral } from '../../../../skills/lib/settings/literal.ts';
import { affectsOf } from '../../../../skills/lib/settings/meaning.ts';
import { numbersOf } from '../../../../skills/lib/settings/numbers.ts';

function pairs(path: string, text: string): Record<string, number> {
  return Object.fromEntries(numbersOf(path, text).map(({ key, value }) => [key, value]));
}

describe('numbers of a configuration file', () => {
  it('are read from JSON by key path, in lists by index', () => {
    const text =
      '{"pool": {"max": 20, "idle": null}, "workers": [{"batchSize": 5}, 7], "name": "4", "rate": 0.5, "neg": -1}';
    expect(pairs('config/app.json', text)).toEqual({
      'pool.max': 20,
      'workers.0.batchSize': 5,
      'workers.1': 7,
      rate: 0.5,
      neg: -1,
    });
  });

  it('are read from object literals and constants, never out of expressions, comments or strings', () => {
    const text = `
      // retries: 9
      const MAX_ROWS = 1_000;
      export const window: number = 30
      const bytes = 64 * 1024;
      module.exports = {
        pool: { max: 10, min: env.MIN ?? 2 },
        'batch-size': 500, /* limit: 3 */
        text: "size: 5", f(size = 3) { return { size: 4 + 1 } },
      };`;
    expect(pairs('config/index.js', text)).toEqual({ MAX_ROWS: 1000, window: 30, 'pool.max': 10, 'batch-size': 500 });
  });

  it('are read from block mappings of YAML, not from lists, blocks of text or later documents', () => {
    const text = [
      '---',
      'db:',
      '  pool:',
      '    max: 20 # connections',
      '    "min": 2',
      '  url: x',
      'jobs:',
      '  - size: 3',
      '    limit: 4',
      'note: |',
      '  size: 9',
      'batch_size: 1000',
      'port: "80"',
      '---',
      'later: 1',
    ].join('\n');
    expect(pairs('application.yaml', text)).toEqual({ 'db.pool.max': 20, 'db.pool.min': 2, batch_size: 1000 });
  });

  it('are read from .env, properties and TOML', () => {
    expect(pairs('.env', 'export BATCH=10\nURL=http://x:1\nPOOL="5" # five\n#OFF=1\n')).toEqual({ BATCH: 10, POOL: 5 });
    expect(pairs('app.properties', 'db.pool.max = 7\n')).toEqual({ 'db.pool.max': 7 });
    expect(pairs('app.toml', '[db.pool]\nmax = 7\n')).toEqual({ 'db.pool.max': 7 });
  });

  it('leave out a key that stands there twice, and files of an unknown kind', () => {
    expect(pairs('.env', 'A=1\nA=2\nB=3\n')).toEqual({ B: 3 });
    expect(pairs('notes.txt', 'A=1\n')).toEqual({});
  });

  it('are replaced in place, everything else as it was', () => {
    const text = '{\r\n  "a": {"size": 1000},  "b": 1000\r\n}';
    const [size] = numbersOf('x.json', text);
    expect(size && replaceLiteral(text, size, 100)).toBe('{\r\n  "a": {"size": 100},  "b": 1000\r\n}');
  });

  it.each([
    ['db.pool.max', 'Connections'],
    ['WORKER_CONCURRENCY', 'Connections'],
    ['settlement.batchSize', 'Memory'],
    ['readChunkRows', 'Memory'],
    ['connectionTimeoutMillis', 'Time'],
    ['cacheTtl', 'Time'],
    ['maxItems', 'Other'],
    ['port', undefined],
    ['version', undefined],
  ])('%s weighs on %s', (key, affects) => {
    expect(affectsOf(key)).toBe(affects);
  });
});
