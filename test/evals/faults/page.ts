import { groups as names, type GroupName } from './cases.ts';
import { told } from '../shares.ts';
import type { Group, Summary } from './summary.ts';

/** What the figures are of. */
export interface Provenance {
  readonly commit: string;
  readonly date: string;
  readonly machine: string;
  /** Engines that were not run, each with the reason. */
  readonly notRun: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<GroupName, string>> = {
  plain: 'plain',
  disguised: 'disguised',
  hard: 'hard set',
  second: 'second set',
  third: 'third set',
};

const intro = `# Evals

Whole sessions on the lab's faults, each from its injection to a pull request or an escalation. Written by \`npm run evals\`; do not edit it. [evals.json](evals.json) has
the same figures.

- *plain*: as \`npm start\` runs a fault. *disguised*: every service, queue, table and file is called otherwise, and there are ten decoy nodes, one of which is as ill as a node
  can be; it stands above a service, off every path to a symptom. *hard set*: [ten faults](faults.md#the-hard-set) that nothing was fitted to, disguised.
  *second set*, *third set*: [twelve faults](faults.md#the-second-and-the-third-set) each that others than the authors of the reasoning wrote, disguised; they have been learnt from since they
  were first tried.
- A cause is right at 1 where each diagnosis that must be right names a true cause, at 3 where it is that or one of the first two alternatives. Where a good session takes one iteration that is every
  diagnosis; where it takes several, as in most of the hard set, it is the last one: *the diagnosis that its fix was chosen by*. *first diagnosis*: what is said before anything was tried.
- *fixed*: of the faults that call for a repair, the share that users no longer see, by an onlooker who does not ask the operator. *right fix*: and of what the session did, only repairs that an
  expert would accept still stand.
- *useless acts*: of all acts, those that were taken back or done to what is harmless, and all of a session that healed nothing. *falsely acted*: of the sessions that acted or were allowed to, those
  that acted where nothing is wrong, on a decoy, or on a node that was well and has no true cause, by an action that is no right repair. What was ill and not
  the cause, and was acted on in vain, is a useless act.
- A model's diagnoses alone are judged where a model is evaluated: where it gave no valid one, the case is a miss.
- Comparisons on stored evidence (\`--compare\`) and the [calibration](calibration.md) are on a selected set: a recording is kept only where its diagnoses were right.
- Each share goes with its count and a 95 % interval (Wilson). The faults of the catalogue were at hand when the reasoning was written: only the hard set speaks of what is unknown.
`;

export function pageOf(summary: Summary, provenance: Provenance): string {
  const engines = [...new Set(summary.groups.map(({ engine }) => engine))];
  const tables = engines.map((engine) =>
    engineTable(
      engine,
      summary.groups.filter((group) => group.engine === engine),
    ),
  );
  return `${[intro, provenanceLines(provenance), ...tables, confusionTable(summary), missList(summary), brokeList(summary)].filter((part) => part !== '').join('\n')}`;
}

function provenanceLines({ commit, date, machine, notRun }: Provenance): string {
  const missing = Object.entries(notRun).map(([engine, why]) => `${engine} was not run: ${why}.`);
  return [`Commit ${commit}, ${date}; ${machine}.`, ...missing, ''].join('\n');
}

type Row = readonly [name: string, cell: (group: Group) => string];

const rows: readonly Row[] = [
  ['sessions', ({ n, of }) => (n === of ? String(n) : `${n} of ${of}`)],
  ['broken labs, without a result', ({ broken }) => String(broken)],
  ['right cause at 1, first diagnosis', ({ firstAt1 }) => told(firstAt1)],
  ['right cause at 1, diagnosis that its fix was chosen by', ({ causeAt1 }) => told(causeAt1)],
  ['right cause at 3', ({ causeAt3 }) => told(causeAt3)],
  ['ended as it should', ({ asExpected }) => told(asExpected)],
  ['fixed', ({ fixed }) => told(fixed)],
  ['right fix', ({ rightFix }) => told(rightFix)],
  ['useless acts', ({ uselessActs }) => told(uselessActs)],
  ['falsely acted', ({ falselyActed }) => told(falselyActed)],
  ['diagnoses of another engine, not judged', ({ byOthers }) => String(byOthers)],
  ['iterations, median / p90', ({ iterations }) => spread(iterations)],
  ['seconds, median / p90', ({ seconds }) => spread(seconds)],
  ['tokens, median / p90', ({ tokens }) => spread(tokens)],
  ['load of the machine, median / p90', ({ load }) => spread(load)],
];

function engineTable(engine: string, groups: readonly Group[]): string {
  const head = ['', ...names.map((name) => titles[name])];
  const of = (name: GroupName): Group | undefined => groups.find(({ group }) => group === name);
  const cell = (name: GroupName, shown: (group: Group) => string): string => {
    const group = of(name);
    return group === undefined ? 'not run' : shown(group);
  };
  const body = rows.map(([title, shown]) => [title, ...names.map((name) => cell(name, shown))]);
  return `## ${engine}\n\n${table([head, ...body])}`;
}

function spread({ median, p90 }: Group['seconds']): string {
  return Number.isNaN(median) ? '-' : `${Math.round(median)} / ${Math.round(p90)}`;
}

function confusionTable({ confusion }: Summary): string {
  if (confusion.length === 0) return '## What is taken for what\n\nNo cause was taken for another one.\n';
  const body = confusion.map(({ engine, truth, named, cases }) => [engine, truth, named, cases.join(', ')]);
  return `## What is taken for what\n\n${table([['engine', 'true cause', 'named', 'in'], ...body])}`;
}

function missList({ misses }: Summary): string {
  if (misses.length === 0) return '## Misses\n\nNone.\n';
  const body = misses.map(({ engine, case: name, what }) => [engine, name, what.join('; ')]);
  return `## Misses\n\n${table([['engine', 'case', 'what'], ...body])}`;
}

function brokeList({ broke }: Summary): string {
  if (broke.length === 0) return '';
  const body = broke.map(({ engine, case: name, message, ranAgain }) => [
    engine,
    name,
    message.split('\n')[0] ?? '',
    ranAgain ? 'yes' : 'no',
  ]);
  return `## Broken labs\n\nThe lab broke before the session ended, which says nothing of the engine.\n\n${table([['engine', 'case', 'how', 'run again'], ...body])}`;
}

function table([head = [], ...body]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('');
}
