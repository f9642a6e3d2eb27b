#!/usr/bin/env node
import { redact } from '../redaction/redact.ts';
import { UsageError } from './usage-error.ts';

const usage = `Usage: threehops COMMAND

  approve NAME  shows what an Approval asks and lets the session do it
  reject NAME   the same, and does not let it
  mcp SYSTEM    runs the MCP server of a system alone
  patterns      lists what fails most in sessions that have ended
  replay FILE   makes the diagnoses of stored evidence again
  validate DIR  checks maps, sessions and skills before they are applied

threehops COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 wrong arguments.`;

type Command = (argv: readonly string[], signal: AbortSignal) => Promise<void>;

/** Loaded when they are asked for: the servers of all systems take a while. */
const commands = new Map<string, () => Promise<Command>>([
  ['approve', async () => (await import('./decide/command.ts')).decide('Approved')],
  ['reject', async () => (await import('./decide/command.ts')).decide('Rejected')],
  ['mcp', async () => (await import('./mcp/command.ts')).mcp],
  ['patterns', async () => (await import('./patterns/command.ts')).patterns],
  ['replay', async () => (await import('./replay/command.ts')).replay],
  ['validate', async () => (await import('./validate/command.ts')).validate],
]);

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}

async function obey([name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h') {
    console.log(usage);
    return;
  }
  const command = commands.get(name);
  if (command === undefined) throw new UsageError(`there is no command ${name}\n\n${usage}`);
  await (
    await command()
  )(rest, stop.signal);
}

try {
  await obey(process.argv.slice(2));
} catch (error) {
  if (!stop.signal.aborted) {
    console.error(`threehops: ${redact(error instanceof Error ? error.message : String(error))}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
