/** The product, the Go operator, and the loop of PUTs. */
export type Name = 'operator' | 'reference' | 'bare';

/** One contestant's lap of one round. */
export interface Measured {
  readonly round: number;
  readonly name: Name;
  readonly seconds: number;
  readonly sessionsPerMinute: number;
  readonly writesPerSecond: number;
  readonly cpuMsPerWrite: number;
  readonly rssMiB: number;
  /** What kube-apiserver and etcd spent on it. */
  readonly serverCpuMsPerWrite: number;
  /** What the API server answered, such as `PUT/status 200`; the same for both operators when all went well. */
  readonly requests: Readonly<Record<string, number>>;
}

/** A median with the extremes it came from. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Summary {
  /** Sessions a minute, the product's to the Go operator's of the same round. */
  readonly ratioToGo: Spread;
  /** Status writes a second, the product's to the bare client's of the same round. */
  readonly shareOfRawWrites: Spread;
  readonly cpuMsPerWrite: Spread;
  readonly rssMiB: Spread;
}

export function summarize(laps: readonly Measured[]): Summary {
  const of = (name: Name): readonly Measured[] => laps.filter((lap) => lap.name === name);
  const own = of('operator');
  return {
    ratioToGo: spread(ratios(own, of('reference'), (lap) => lap.sessionsPerMinute)),
    shareOfRawWrites: spread(ratios(own, of('bare'), (lap) => lap.writesPerSecond)),
    cpuMsPerWrite: spread(own.map((lap) => lap.cpuMsPerWrite)),
    rssMiB: spread(own.map((lap) => lap.rssMiB)),
  };
}

/** Of one round each: what else the machine does changes from one to the next, and hits both of a round alike. */
function ratios(
  own: readonly Measured[],
  others: readonly Measured[],
  rate: (lap: Measured) => number,
): readonly number[] {
  return own.flatMap((lap) => {
    const other = others.find((candidate) => candidate.round === lap.round);
    return other === undefined ? [] : [rate(lap) / rate(other)];
  });
}

/** Throws RangeError for no values. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) throw new RangeError('there are no values');
  const above = sorted[Math.floor(sorted.length / 2)] ?? most;
  const below = sorted[Math.ceil(sorted.length / 2) - 1] ?? least;
  return { median: (above + below) / 2, least, most };
}
