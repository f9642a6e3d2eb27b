/**
 * `node test/lab/cluster/get.ts`: gets every program that the control plane and its workloads are made of, with what is idle of the
 * machine, so that whoever needs one later waits less. Whoever needs one meanwhile waits for this.
 */
import { constants, setPriority } from 'node:os';
import { provideBinaries, provideWorkloadProgram } from './binaries.ts';
import { workloadProgramNames } from './programs.ts';

setPriority(constants.priority.PRIORITY_LOW);
const end = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => end.abort());
const waiting = { signal: end.signal, progress: console.error };
await provideBinaries(waiting);
for (const name of workloadProgramNames) await provideWorkloadProgram(name, waiting);
