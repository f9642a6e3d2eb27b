import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { fitConnectionPool } from '../../../../skills/lib/settings/remedies/connections.ts';
import { reduceMemoryDriver } from '../../../../skills/lib/settings/remedies/memory.ts';
import { changeSuspect } from '../../../../skills/lib/settings/remedies/suspect.ts';
import type { Remedy } from '../../../../skills/skill.ts';
import { affectsOf } from '../../../../skills/lib/settings/meaning.ts';
import { nodeWith } from '../lib/fake-tools.ts';

function finding(
  kind: string,
  summary: string,
  severity: Finding['severity'] = 'Critical',
  facts: JsonObject = {},
): Finding {
  return { id: `${kind}${summary}`, node: 'n', kind, severity, summary, source: 's', facts };
}

function settings(values: Record<string, number>): Finding {
  const list = Object.entries(values).map(([key, value]) => ({
    path: 'conf.json',
    key,
    value,
    affects: affectsOf(key) ?? 'Other',
  }));
  return finding('code-editor.NumericSettings', 'numbers', 'Info', { settings: list });
}

const changes = (remedy: Remedy, findings: readonly Finding[]) =>
  remedy
    .propose({ node: nodeWith({}), findings, changes: [], series: [] })
    .toSorted((a, b) => b.fitness - a.fitness)
    .map(({ parameters }) => `${String(parameters['key'] as string)} ${String(parameters['to'] as number)}`);

const oom = finding('aws-ecs.OutOfMemory', 'killed for using more memory than its limit', 'Critical', {
  exitCode: 137,
});

describe('less held in memory', () => {
  it('makes the largest piece of work ten times smaller, then what is held for long', () => {
    const numbers = settings({
      'cache.megabytes': 240,
      'import.chunkRows': 500,
      'job.batchSize': 1000,
      'pool.max': 90,
    });
    expect(changes(reduceMemoryDriver, [oom, numbers])).toEqual([
      'job.batchSize 100',
      'import.chunkRows 50',
      'cache.megabytes 24',
    ]);
  });

  it('leaves the shape of an item, times and small numbers alone', () => {
    const numbers = settings({
      'batch.bytesPerItem': 65_536,
      'batch.size': 5,
      'cache.ttlSeconds': 3600,
      'queue.pollMs': 500,
    });
    expect(changes(reduceMemoryDriver, [oom, numbers])).toEqual([]);
  });

  it('does nothing without a lack of memory', () => {
    const numbers = settings({ 'job.batchSize': 1000 });
    expect(changes(reduceMemoryDriver, [finding('x.Slow', 'slow'), numbers])).toEqual([]);
    expect(changes(reduceMemoryDriver, [{ ...oom, severity: 'Info' }, numbers])).toEqual([]);
  });
});

describe('connections that run out', () => {
  const numbers = settings({ 'pool.max': 40, 'pool.min': 2, workerConcurrency: 200, connectTimeoutMs: 2000 });

  it('lowers the pool where the server has no more', () => {
    const refused = finding(
      'cloudwatch.NewErrorTemplate',
      'new in the log: sorry, too many clients already',
      'Warning',
    );
    expect(changes(fitConnectionPool, [refused, numbers])[0]).toBe('pool.max 5');
    const known = finding('postgres.ConnectionsSaturated', '97 of 100', 'Critical', { maxConnections: 100 });
    expect(changes(fitConnectionPool, [known, numbers])[0]).toBe('pool.max 25');
  });

  it('gives a limit where there is none', () => {
    const refused = finding('cloudwatch.NewErrorTemplate', 'FATAL: remaining connection slots are reserved', 'Warning');
    expect(changes(fitConnectionPool, [refused, settings({ poolLimit: 0 })])).toEqual(['poolLimit 10']);
  });

  it('raises the pool where those who wait for it give up', () => {
    const starved = finding('cloudwatch.NewErrorTemplate', 'timeout exceeded when trying to connect', 'Warning');
    expect(changes(fitConnectionPool, [starved, settings({ 'database.poolSize': 1, workers: 8 })])).toEqual([
      'database.poolSize 10',
    ]);
    expect(changes(fitConnectionPool, [starved, settings({ 'database.poolSize': 60 })])).toEqual([]);
  });

  it('thinks little of a larger pool where whoever has a connection keeps it long', () => {
    const starved = finding('cloudwatch.NewErrorTemplate', 'timeout exceeded when trying to connect', 'Warning');
    const slow = finding('postgres.SlowQueries', '4 calls just now took 1526 ms each', 'Warning');
    const context = {
      node: nodeWith({}),
      findings: [starved, settings({ 'database.poolSize': 5 })],
      changes: [],
      series: [],
    };
    const fitness = (used: readonly Finding[]) => fitConnectionPool.propose({ ...context, used })[0]?.fitness ?? 0;
    expect(fitness([slow])).toBeLessThan(fitness([]) / 2);
    expect(fitness([slow])).toBeGreaterThan(0);
  });

  it('does nothing without either', () => {
    expect(changes(fitConnectionPool, [oom, numbers])).toEqual([]);
  });
});

describe('a setting that a finding names', () => {
  it('is changed as suggested, else to a tenth', () => {
    const named = (suspect: JsonObject) => [
      finding('x.Wrong', 'x', 'Warning', { suspect }),
      settings({ 'a.limit': 50 }),
    ];
    const suspect = { file: 'conf.json', key: 'a.limit', value: 50 };
    expect(changes(changeSuspect, named({ ...suspect, suggested: 70 }))).toEqual(['a.limit 70']);
    expect(changes(changeSuspect, named(suspect))).toEqual(['a.limit 5']);
    expect(changes(changeSuspect, named({ ...suspect, suggested: 50 }))).toEqual([]);
  });
});
