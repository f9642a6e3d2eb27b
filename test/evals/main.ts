/** `npm run eval -- NAME ...`: ranks labelled data as a live sweep would be ranked. Exit codes: 0 done, 1 no cases, 2 wrong arguments. */
import { UsageError } from '../../controller/cli/usage-error.ts';
import { DataUnusable } from './data-unusable.ts';
import { petshop, usage as petshopUsage } from './petshop/command.ts';
import { rca, usage as rcaUsage } from './rca/command.ts';

const evals = { petshop, rca } as const;
const usage = ['npm run eval -- NAME ..., where NAME is one of', petshopUsage, rcaUsage].join('\n');

function isEval(name: string | undefined): name is keyof typeof evals {
  return name !== undefined && Object.hasOwn(evals, name);
}

const [name, ...rest] = process.argv.slice(2);
try {
  if (name === '--help' || name === '-h') console.log(usage);
  else if (isEval(name)) console.log(evals[name](rest));
  else throw new UsageError(name === undefined ? 'a name is needed' : `there is no eval ${name}`);
} catch (error) {
  if (!(error instanceof UsageError || error instanceof DataUnusable)) throw error;
  console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
