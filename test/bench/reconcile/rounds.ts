import { writeFileSync } from 'node:fs';
import type { ControlPlane } from '../../lab/cluster/control-plane.ts';
import type { Waiting } from '../../lab/cluster/progress.ts';
import { startContestant, type Lap } from './contestant.ts';
import { programOf, type Place } from './contestants.ts';
import type { Options } from './options.ts';
import { usageOf } from './process-usage.ts';
import { rehearse, rehearsed, type Status } from './rehearse.ts';
import { requestsServed, since } from './server-count.ts';
import type { Measured, Name } from './summary.ts';
import type { World } from './world.ts';

export interface Arena extends Waiting {
  readonly controlPlane: ControlPlane;
  readonly world: World;
  readonly place: Place;
}

/** Status writes of one session, in both operators. */
export const writesEach = 8;

/** The two operators do not write the same, so their rates cannot be compared. */
export class NotComparable extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotComparable';
  }
}

/**
 * Lets both operators go through a few sessions unmeasured, which also warms the API server up, and keeps what the product wrote for
 * the bare client. Answers those statuses. Throws NotComparable unless both wrote as often and about as much.
 */
export async function prepare({ world, place, signal, progress }: Arena, sessions: number): Promise<readonly Status[]> {
  progress(`creating ${Math.max(sessions, rehearsed)} maps`);
  await world.createMaps(Math.max(sessions, rehearsed), signal);
  progress('rehearsing');
  const theirs = await rehearse(world, programOf('reference', rehearsed, place), signal);
  const ours = await rehearse(world, programOf('operator', rehearsed, place), signal);
  compare(ours, theirs);
  writeFileSync(place.statusesFile, JSON.stringify(ours));
  return ours;
}

/** What the two write may differ by this share of the product's bytes, as by a field that the reference operator does not know yet. */
const tolerance = 0.05;

function compare(ours: readonly Status[], theirs: readonly Status[]): void {
  const [own, other] = [ours, theirs].map(sizesOf);
  const total = (sizes: readonly number[] = []): number => sizes.reduce((sum, size) => sum + size, 0);
  const same = Math.abs(total(own) - total(other)) <= tolerance * total(own);
  if (own?.length === writesEach && other?.length === writesEach && same) return;
  throw new NotComparable(
    `bytes of the statuses written: ${own?.join(' ')}; by the reference operator: ${other?.join(' ')}`,
  );
}

/** Bytes of each as JSON. */
export function sizesOf(statuses: readonly Status[]): readonly number[] {
  return statuses.map((status) => Buffer.byteLength(JSON.stringify(status)));
}

/** All rounds, one after another; who begins changes from round to round. */
export async function runRounds(arena: Arena, { sessions, rounds }: Options): Promise<readonly Measured[]> {
  const names: readonly Name[] = ['bare', 'operator', 'reference'];
  const laps: Measured[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] ?? 'operator';
      arena.progress(`round ${round} of ${rounds}: ${name}`);
      laps.push({ round, name, ...(await lap(arena, name, sessions)) });
    }
  }
  return laps;
}

async function lap(arena: Arena, name: Name, sessions: number): Promise<Omit<Measured, 'round' | 'name'>> {
  const { world, place, controlPlane, signal } = arena;
  await world.createSessions(sessions, signal);
  const contestant = await startContestant(programOf(name, sessions, place), signal);
  const server = (): number => controlPlane.pids.reduce((sum, pid) => sum + usageOf(pid).cpuSeconds, 0);
  try {
    const before = { requests: await requestsServed(world.client, signal), cpuSeconds: server() };
    const own = await contestant.run();
    const serverCpuSeconds = server() - before.cpuSeconds;
    const requests = since(before.requests, await requestsServed(world.client, signal));
    await check(arena, requests, sessions);
    return { ...figures(own, sessions, serverCpuSeconds), requests };
  } finally {
    await contestant.stop();
    if (!signal.aborted) await world.deleteSessions(signal);
  }
}

function figures(own: Lap, sessions: number, serverCpuSeconds: number) {
  const writes = sessions * writesEach;
  return {
    seconds: own.seconds,
    sessionsPerMinute: (sessions / own.seconds) * 60,
    writesPerSecond: writes / own.seconds,
    cpuMsPerWrite: (own.cpuSeconds * 1000) / writes,
    rssMiB: own.rssMiB,
    serverCpuMsPerWrite: (serverCpuSeconds * 1000) / writes,
  };
}

/** Seen from outside: the API server took so many status writes, and every session is where they lead. */
async function check({ world, signal }: Arena, requests: Record<string, number>, sessions: number): Promise<void> {
  const rested = (await world.sessions(signal)).filter(({ status }) => status?.phase === 'Verifying');
  const written = requests['PUT/status 200'] ?? 0;
  if (rested.length === sessions && written === sessions * writesEach) return;
  const said = JSON.stringify(requests);
  throw new NotComparable(`${rested.length} of ${sessions} sessions are in Verifying after these requests: ${said}`);
}
