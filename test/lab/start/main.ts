import { faults } from '../faults/catalogue.ts';
import { stopKept } from '../host/kept.ts';
import { readArguments, usage, UsageError, type Command } from './arguments.ts';
import { run } from './run.ts';

function list(json: boolean): void {
  const width = Math.max(...faults.map(({ name }) => name.length));
  const lines = faults.map(({ name, description }) => `${name.padEnd(width)}  ${description}`);
  const listed = faults.map(({ name, description }) => ({ name, description }));
  console.log(json ? JSON.stringify(listed) : lines.join('\n'));
}

async function stop(): Promise<void> {
  const stopped = await stopKept();
  console.log(stopped === 0 ? 'no lab was up' : `ended ${stopped} ${stopped === 1 ? 'lab' : 'labs'}`);
}

async function obey(command: Command): Promise<number> {
  switch (command.kind) {
    case 'Help':
      console.log(usage);
      return 0;
    case 'List':
      list(command.json);
      return 0;
    case 'Stop':
      await stop();
      return 0;
    case 'Run':
      return run(command.orders, command.json);
    default: {
      const never: never = command;
      throw new TypeError(`unknown command ${JSON.stringify(never)}`);
    }
  }
}

try {
  process.exitCode = await obey(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 1;
}
