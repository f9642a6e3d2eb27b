import type { Fault } from '../fault.ts';
import { fault as calendarWithoutEnd } from './calendar-without-end.ts';
import { fault as fillsUpAndStops } from './fills-up-and-stops.ts';
import { fault as halfOfAChange } from './half-of-a-change.ts';
import { fault as hundredfold } from './hundredfold.ts';
import { fault as oneTryEach } from './one-try-each.ts';
import { fault as opensWithoutClosing } from './opens-without-closing.ts';
import { fault as proxyOfProduction } from './proxy-of-production.ts';
import { fault as rehearsalIsOver } from './rehearsal-is-over.ts';
import { fault as remembersARefusal } from './remembers-a-refusal.ts';
import { fault as replicaOfNobody } from './replica-of-nobody.ts';
import { fault as suspendedMigration } from './suspended-migration.ts';
import { fault as switchedToGreen } from './switched-to-green.ts';

/** As the second set, written by others again, after what the second one taught. */
export const thirdFaults: readonly Fault[] = [
  calendarWithoutEnd,
  fillsUpAndStops,
  halfOfAChange,
  hundredfold,
  oneTryEach,
  opensWithoutClosing,
  proxyOfProduction,
  rehearsalIsOver,
  remembersARefusal,
  replicaOfNobody,
  suspendedMigration,
  switchedToGreen,
];
