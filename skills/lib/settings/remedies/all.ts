import type { Remedy } from '../../../skill.ts';
import { fitConnectionPool } from './connections.ts';
import { reduceMemoryDriver } from './memory.ts';
import { changeSuspect } from './suspect.ts';

/** Of the skills that read configuration numbers: a map lists the one or the other, and an edit needs no node of its own. */
export const settingsRemedies: readonly Remedy[] = [reduceMemoryDriver, fitConnectionPool, changeSuspect];
