import { groupOf, groups, keyOf, sizes, type EvalCase, type GroupName } from './cases.ts';
import type { Broke, Ran, Result } from './journal.ts';
import { quantile, shareOf, type Share } from '../shares.ts';

interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** What the sessions of an engine came to, in one group of cases. */
export interface Group {
  readonly engine: string;
  readonly group: GroupName;
  /** Sessions that were judged; of so many that there are. */
  readonly n: number;
  readonly of: number;
  /** Cases of which there is no result, since the lab broke. */
  readonly broken: number;
  readonly causeAt1: Share;
  /** Of the first diagnosis alone. */
  readonly firstAt1: Share;
  readonly causeAt3: Share;
  /** Ended as the fault calls for; of those that call for a repair, healed; and by right repairs alone. */
  readonly asExpected: Share;
  readonly fixed: Share;
  readonly rightFix: Share;
  /** Of all acts. */
  readonly uselessActs: Share;
  /** Of the sessions that acted, or were allowed to. */
  readonly falselyActed: Share;
  /** Diagnoses that another engine gave, which are not judged. */
  readonly byOthers: number;
  readonly iterations: Spread;
  readonly seconds: Spread;
  readonly tokens: Spread;
  /** Of the machine while they ran. */
  readonly load: Spread;
}

/** A cause that was taken for another one. */
export interface Confusion {
  readonly engine: string;
  readonly truth: string;
  readonly named: string;
  readonly cases: readonly string[];
}

export interface Miss {
  readonly engine: string;
  readonly case: string;
  readonly what: readonly string[];
}

export interface Summary {
  readonly groups: readonly Group[];
  readonly confusion: readonly Confusion[];
  readonly misses: readonly Miss[];
  /** Every time that the lab broke under a case, also where it was run again. */
  readonly broke: readonly (Pick<Broke, 'engine' | 'message'> & {
    readonly case: string;
    readonly ranAgain: boolean;
  })[];
}

/** There is nothing to sum up: a measurement of nothing is none. */
export class NothingMeasured extends Error {
  constructor() {
    super('no case was run to its end, so there is nothing to tell');
    this.name = 'NothingMeasured';
  }
}

/** @throws NothingMeasured */
export function summaryOf(results: readonly Result[]): Summary {
  const ran = results.filter((one) => one.state === 'Ran');
  const broke = results.filter((one) => one.state === 'Broke');
  if (ran.length === 0) throw new NothingMeasured();
  const known = new Set(ran.map(keyOf));
  const lost = broke.filter((one) => !known.has(keyOf(one)));
  const engines = [...new Set(ran.map(({ engine }) => engine))];
  return {
    groups: engines.flatMap((engine) => groups.flatMap((group) => groupIn(engine, group, ran, lost))),
    confusion: confusionIn(ran),
    misses: ran.flatMap(missIn),
    broke: broke.map((one) => ({
      engine: one.engine,
      case: nameOf(one),
      message: one.message,
      ranAgain: known.has(keyOf(one)),
    })),
  };
}

function groupIn(engine: string, group: GroupName, ran: readonly Ran[], lost: readonly Broke[]): readonly Group[] {
  const isOurs = (one: EvalCase): boolean => one.engine === engine && groupOf(one) === group;
  const [own, broken] = [ran.filter(isOurs), new Set(lost.filter(isOurs).map(keyOf)).size];
  if (own.length + broken === 0) return [];
  const share = (hit: (one: Ran) => boolean, all = own): Share => shareOf(all.filter(hit).length, all.length);
  const fixable = own.filter(({ expected }) => expected === 'Fixed');
  const count = (of: (one: Ran) => readonly string[]): number => own.reduce((sum, one) => sum + of(one).length, 0);
  const spread = (of: (one: Ran) => number): Spread => {
    const values = own.map(of);
    return { median: quantile(values, 0.5), p90: quantile(values, 0.9) };
  };
  return [
    {
      engine,
      group,
      n: own.length,
      of: sizes[group],
      broken,
      causeAt1: share((one) => one.causeAt1),
      firstAt1: share((one) => one.firstAt1),
      causeAt3: share((one) => one.causeAt3),
      asExpected: share((one) => one.asExpected),
      fixed: share((one) => one.asExpected, fixable),
      rightFix: share((one) => one.rightFix, fixable),
      uselessActs: shareOf(
        count((one) => one.uselessActs),
        count((one) => one.acts),
      ),
      falselyActed: share(
        (one) => one.falseActs.length > 0,
        own.filter(({ couldAct }) => couldAct),
      ),
      byOthers: own.reduce((sum, one) => sum + one.byOthers, 0),
      iterations: spread((one) => one.iterations),
      seconds: spread((one) => one.seconds),
      tokens: spread((one) => one.tokens),
      load: spread((one) => one.load),
    },
  ];
}

function confusionIn(ran: readonly Ran[]): readonly Confusion[] {
  const rows = new Map<string, Confusion>();
  for (const one of ran.filter(({ causeAt1 }) => !causeAt1)) {
    const { engine, named } = one;
    const row = { engine, truth: one.trueKinds.join(' or ') || 'nothing', named: named ?? 'nothing' };
    const key = JSON.stringify(row);
    rows.set(key, { ...row, cases: [...(rows.get(key)?.cases ?? []), nameOf(one)] });
  }
  return [...rows.values()].toSorted((a, b) => b.cases.length - a.cases.length);
}

function missIn(one: Ran): readonly Miss[] {
  const { engine, outcome, expected, asExpected, causeAt1, rightFix, falseActs } = one;
  const what = [
    ...(causeAt1 ? [] : [`takes ${one.trueKinds.join(' or ') || 'nothing'} for ${one.named ?? 'nothing'}`]),
    ...(asExpected
      ? []
      : [outcome === expected ? `${outcome}, but an onlooker saw ${one.seen}` : `${outcome}, not ${expected}`]),
    ...(asExpected && expected === 'Fixed' && !rightFix ? [`healed by ${one.acts.join(', ') || 'nothing'}`] : []),
    ...(falseActs.length === 0 ? [] : [`acted where it must not: ${falseActs.join(', ')}`]),
  ];
  return what.length === 0 ? [] : [{ engine, case: nameOf(one), what }];
}

function nameOf({ fault, form }: EvalCase): string {
  return `${fault} (${form})`;
}
