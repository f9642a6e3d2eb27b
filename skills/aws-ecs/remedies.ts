import type { Remedy } from '../skill.ts';
import { addTask, raiseCpu, restoreTasks } from './remedies/capacity.ts';
import { restoreEnvironment } from './remedies/environment.ts';
import { raiseMemory } from './remedies/memory.ts';
import { rollBackDefinition, rollBackRelease } from './remedies/release.ts';
import { renewDeployment } from './remedies/stuck.ts';

export const remedies: readonly Remedy[] = [
  raiseMemory,
  restoreEnvironment,
  rollBackRelease,
  rollBackDefinition,
  raiseCpu,
  addTask,
  restoreTasks,
  renewDeployment,
];
