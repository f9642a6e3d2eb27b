import { screenWidth } from '../table.ts';
import { wrapped } from '../wrapped.ts';
import { readArguments, type ValidateOrders } from './arguments.ts';
import { readSources } from './files.ts';
import { judge, type Judgement } from './judge.ts';
import { asText, asWorkflowCommand, summaryOf } from './render.ts';
import { usage } from './usage.ts';

/**
 * Tells what is wrong with objects of our kinds in files, without a cluster. The exit code is 1 where something is.
 * @throws UsageError, and what reading a file throws
 */
export async function validate(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const command = readArguments(argv);
  if (command.kind === 'Help') {
    console.log(usage);
    return;
  }
  const judgement = judge(await readSources(command.paths, signal), command.namespace);
  tell(judgement, command.output);
  if (hasFailed(judgement, command)) process.exitCode = 1;
}

/** A run that looked at nothing is no success of whoever wants to be strict. */
function hasFailed({ problems, objects }: Judgement, { strict }: Pick<ValidateOrders, 'strict'>): boolean {
  return strict ? problems.length > 0 || objects === 0 : problems.some(({ severity }) => severity === 'Error');
}

function tell(judgement: Judgement, output: ValidateOrders['output']): void {
  const { problems } = judgement;
  const summary = summaryOf(judgement);
  switch (output) {
    case 'json':
      console.log(JSON.stringify(judgement, undefined, 2));
      break;
    case 'github':
      for (const problem of problems) console.log(asWorkflowCommand(problem));
      break;
    case 'text':
      for (const problem of problems) console.log(onScreen(asText(problem)));
      console.log(summary);
      return;
    default:
      output satisfies never;
  }
  console.error(`threehops: ${summary}`);
}

/** Programs get a line a problem; on a terminal a longer one goes on below, indented. */
function onScreen(line: string): string {
  if (!process.stdout.isTTY) return line;
  const [first = '', ...more] = wrapped(line, screenWidth(), '    ');
  return [first, ...more].join('\n');
}
