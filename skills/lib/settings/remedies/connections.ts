import type { Finding } from '../../../../controller/evidence/finding.ts';
import type { NumericSetting } from '../../github/numeric-finding.ts';
import { isDefined, numberOf, objectOf } from '../../reading.ts';
import { wordsOf as wordsOfKey } from '../meaning.ts';
import type { ProposedFix, Remedy } from '../../../skill.ts';
import { harmOf, setNumberFix, settingsKinds, settingsOf, wordsOf } from './reading.ts';

/** The other side has no more to give: too many are held open. */
const refusedByServer =
  /too many (clients|connections)|connection slots|max(imum)?[_ ]?(client )?connections|connections? ?(saturat|exhaust|limit)|ConnectionsSaturated|ConnectionLimit|53300/i;
/** Our own pool has no more to give: those who wait for it give up. */
const starvedByPool =
  /timeout exceeded when trying to connect|(acquir|obtain|check(ing)? ?out)\w* .{0,60}(timed? ?out|timeout)|timed? ?out .{0,40}(acquir|waiting for (a )?connection)|(connection|connect) ?(pool )?(timeout|timed out)|pool (is )?(exhausted|full|timeout)|PoolTimeout|PoolExhausted|QueuePool limit/i;

/** Who has a connection keeps it long: however many there are, all of them are soon taken. */
const keptLong = /\.(SlowQueries|MissingIndex|BlockingChain|LongTransaction|IdleInTransaction)$/;

const unlimitedBecomes = 10;
const leastPool = 4;
const mostPool = 50;
const mostProposed = 3;
const raiseOfUse = 0.6;
const raiseOfLittleUse = 0.2;

/**
 * Connections run out. Where the server refuses more, the pools are made smaller (or get a limit at all); where those who wait for a
 * connection of the service's own pool give up, it is made larger; which is of little use where those who have one keep it long.
 */
export const fitConnectionPool: Remedy = {
  id: 'code-editor.fit-connection-pool',
  forKinds: [
    'cloudwatch.NewErrorTemplate',
    'cloudwatch.StackTrace',
    'cloudwatch.ErrorRateHigh',
    'postgres.ConnectionsSaturated',
    ...settingsKinds,
  ],
  cause: 'code-editor.ConnectionLimitUnfit',
  propose({ findings, used = [] }) {
    const harm = harmOf(findings);
    const refused = harm.filter((finding) => refusedByServer.test(wordsOf(finding)));
    const starved = harm.filter((finding) => starvedByPool.test(wordsOf(finding)));
    const pools = settingsOf(findings)
      .filter(({ affects }) => affects === 'Connections')
      .toSorted(byName);
    if (refused.length > 0) return pools.flatMap((pool) => lower(pool, refused)).slice(0, mostProposed);
    const fitness = used.some(({ kind }) => keptLong.test(kind)) ? raiseOfLittleUse : raiseOfUse;
    if (starved.length > 0) return pools.flatMap((pool) => raise(pool, fitness)).slice(0, mostProposed);
    return [];
  },
};

function lower(setting: NumericSetting, refused: readonly Finding[]): readonly ProposedFix[] {
  const why = 'the server refuses more connections than it has';
  if (setting.value <= 0)
    return [setNumberFix(setting, unlimitedBecomes, 'there is no limit, and the server refuses more', 0.6)];
  const most = refused.map(({ facts }) => numberOf(objectOf(facts)['maxConnections'])).find(isDefined);
  const to = Math.max(leastPool, most === undefined ? Math.round(setting.value / 8) : Math.floor(most / 4));
  return to < setting.value ? [setNumberFix(setting, to, why, isPool(setting) ? 0.6 : 0.35)] : [];
}

function raise(setting: NumericSetting, fitness: number): readonly ProposedFix[] {
  const to = Math.min(mostPool, Math.max(unlimitedBecomes, setting.value * 4));
  const why = 'those who wait for a connection give up';
  return isPool(setting) && setting.value > 0 && to > setting.value ? [setNumberFix(setting, to, why, fitness)] : [];
}

/** How many connections there may be, rather than how much is done at once with them. */
function isPool({ key }: NumericSetting): boolean {
  const words = wordsOfKey(key);
  return (
    ['pool', 'connection', 'connections', 'conn', 'conns'].some((word) => words.includes(word)) &&
    !words.includes('min')
  );
}

/** Pools first, the smallest first: it is what runs out. */
function byName(one: NumericSetting, other: NumericSetting): number {
  return Number(isPool(other)) - Number(isPool(one)) || one.value - other.value || (one.key < other.key ? -1 : 1);
}
