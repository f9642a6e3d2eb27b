import { describe, expect, it } from 'vitest';
import { patternsOf } from '../../../../controller/cli/patterns/patterns.ts';
import { toldOf } from '../../../../controller/session/precedents.ts';
import { caused, daysAgo, ended, now } from './sessions.ts';

const week = { cameBackSeconds: 604_800 };
const memory = ['shop/run', 'compute.MemoryTooLow'] as const;
const resize = 'compute.resize identity of shop/run forwards';

describe('patterns', () => {
  it('count sessions that have ended, and no others', () => {
    const open = ended('open', 0, { phase: 'Acting' });
    const cancelled = ended('cancelled', 1, { phase: 'Cancelled' });
    const { sessions, outcomes } = patternsOf([open, cancelled, ended('one', 3, caused(memory))], week);
    expect(sessions).toBe(2);
    expect(outcomes).toEqual([
      { outcome: 'Cancelled', sessions: 1, last: daysAgo(1) },
      { outcome: 'Stopped', sessions: 1, last: daysAgo(3) },
    ]);
  });

  it('rank causes by how often they were found, each namespace by itself', () => {
    const db = ['shop/db', 'store.Blocked'] as const;
    const { causes } = patternsOf(
      [
        ended('one', 1, caused(db)),
        ended('two', 9, caused(memory)),
        ended('three', 5, caused(memory)),
        ended('other', 2, caused(memory), { namespace: 'others' }),
      ],
      week,
    );
    expect(causes).toEqual([
      { namespace: 'team', node: 'shop/run', kind: 'compute.MemoryTooLow', sessions: 2, last: daysAgo(5) },
      { namespace: 'team', node: 'shop/db', kind: 'store.Blocked', sessions: 1, last: daysAgo(1) },
      { namespace: 'others', node: 'shop/run', kind: 'compute.MemoryTooLow', sessions: 1, last: daysAgo(2) },
    ]);
  });

  it('tell how remedies fared, and which did not last', () => {
    const { remedies } = patternsOf(
      [
        ended('first', 30, caused(memory, { [resize]: 'Kept' })),
        ended('second', 25, caused(memory, { 'compute.restart x': 'RolledBack', [resize]: 'Kept' })),
        ended('third', 5, caused(memory, { [resize]: 'RolledBack' })),
      ],
      week,
    );
    const action = 'compute.resize';
    expect(remedies[0]).toEqual({
      namespace: 'team',
      remedy: resize,
      action,
      tried: 3,
      worked: 2,
      cameBack: 1,
      failed: 1,
      last: daysAgo(5),
    });
    expect(remedies[1]).toMatchObject({ remedy: 'compute.restart x', tried: 1, worked: 0, cameBack: 0, failed: 1 });
  });

  it('know a remedy again that was done to another commit', () => {
    const revert = (sha: string): string => `source.revert github:acme/shop revert:${sha.repeat(40)}`;
    const { remedies } = patternsOf(
      [
        ended('one', 2, caused(memory, { [revert('a')]: 'Kept' })),
        ended('two', 1, caused(memory, { [revert('b')]: 'Kept' })),
      ],
      { cameBackSeconds: 0 },
    );
    expect(remedies).toMatchObject([
      { remedy: 'source.revert github:acme/shop revert:*', tried: 2, worked: 2, cameBack: 0 },
    ]);
  });

  it('count the remedies of two namespaces apart', () => {
    const found = patternsOf(
      [
        ended('one', 2, caused(memory, { [resize]: 'Kept' })),
        ended('two', 1, caused(memory, { [resize]: 'Kept' }), { namespace: 'other' }),
      ],
      { cameBackSeconds: 0 },
    );
    expect(found.remedies.map(({ namespace, tried }) => [namespace, tried])).toEqual([
      ['other', 1],
      ['team', 1],
    ]);
  });

  it('learn no cause and no remedy from a session that was marked wrong', () => {
    const metadata = { annotations: { 'threehops.dev/wrong': 'it was the disk' } };
    const found = patternsOf([ended('one', 1, caused(memory, { [resize]: 'Kept' }), metadata)], week);
    expect(found).toMatchObject({ sessions: 1, markedWrong: 1, causes: [], remedies: [] });
    expect(found.outcomes).toHaveLength(1);
  });

  it('are of the period alone, but for what came back in it', () => {
    const sessions = [ended('old', 10, caused(memory, { [resize]: 'Kept' })), ended('new', 5, caused(memory))];
    const since = now - 7 * 86_400_000;
    expect(patternsOf(sessions, { ...week, since })).toMatchObject({ sessions: 1, remedies: [] });
    expect(patternsOf(sessions, { ...week, since: 0 })).toMatchObject({ sessions: 2, remedies: [{ cameBack: 1 }] });
  });

  it('gather what was not seen under one text whatever its figures, with the tools that were late', () => {
    const late = (ms: number): string => `shop-2/db: locks: postgres.execute_sql: no answer within ${ms} ms`;
    const cameBack = toldOf({ session: 'team/zero', signature: resize });
    const unknown = { node: 'shop/run', health: 'Unknown', summary: 'no answer within 20 s' } as const;
    const saw = (...gaps: string[]) => caused(memory, {}, { diagnosis: { gaps }, sweep: { nodes: [unknown] } });
    const { gaps, timeouts } = patternsOf(
      [
        ended('one', 2, saw(late(15_000), late(16_000), 'shop/run: no answer within 20 s')),
        ended('two', 1, saw(late(15_000), 'shop/db: ToolTimeout: redis.info: slow', 'shop/db: HTTP 403', cameBack)),
      ],
      week,
    );
    expect(gaps.map(({ gap, sessions }) => [gap, sessions])).toEqual([
      ['shop-2/db: locks: postgres.execute_sql: no answer within N ms', 2],
      ['shop/run: no answer within N s', 2],
      ['shop/db: HTTP N', 1],
      ['shop/db: ToolTimeout: redis.info: slow', 1],
    ]);
    expect(timeouts.map(({ tool, sessions }) => [tool, sessions])).toEqual([
      ['postgres.execute_sql', 2],
      ['the probe of shop/run', 2],
      ['redis.info', 1],
    ]);
  });
});
