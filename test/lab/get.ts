/**
 * `node test/lab/get.ts`: builds the programs of the control plane and its workloads, and installs what is Debian's and what is in
 * Python, with what is idle of the machine, so that whoever needs one later waits less. Whoever needs one meanwhile waits for this.
 */
import { constants, setPriority } from 'node:os';
import { provideBinaries, provideWorkloadProgram } from './cluster/binaries.ts';
import { workloadProgramNames } from './cluster/programs.ts';
import { debianProgram, debianPrograms } from './parts/debian.ts';
import { databaseMcpServersVenv, mcpServersVenv } from './parts/mcp-servers.ts';
import { motoVenv } from './parts/moto.ts';

setPriority(constants.priority.PRIORITY_LOW);
const end = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => end.abort());
const waiting = { signal: end.signal, progress: console.error };

/** The control plane is waited for first, and by the suite that leaves most of the machine idle: Python and the rest come in its time. */
async function build(): Promise<void> {
  await provideBinaries(waiting);
  await Promise.all([buildWorkloads(), installPython()]);
}

async function buildWorkloads(): Promise<void> {
  for (const name of workloadProgramNames) await provideWorkloadProgram(name, waiting);
}

async function installPython(): Promise<void> {
  for (const venv of [motoVenv, mcpServersVenv, databaseMcpServersVenv]) await venv(waiting);
}

async function fetchDebian(): Promise<void> {
  for (const name of debianPrograms) await debianProgram(name, waiting);
}

const done = await Promise.allSettled([build(), fetchDebian()]);
for (const { reason } of done.filter((one) => one.status === 'rejected')) {
  console.error(reason);
  process.exitCode = 1;
}
