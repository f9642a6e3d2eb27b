import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { skills } from '../skills/catalogue.ts';
import type { ActionType, Skill } from '../skills/skill.ts';
import { pageOf, type SkillPage } from './skill-pages.ts';

/** Makes docs/skills.md from the skills' pages and their code. `--check` only tells whether it is up to date. */

export const file = join(import.meta.dirname, '../docs/skills.md');

interface Told {
  readonly skill: Skill;
  /** Absent where there is no page. */
  readonly page: SkillPage | undefined;
}

const intro = `# Skills

A node of a ServiceTopology names the skill that looks at it, and gives it parameters in \`with\`. Each skill is a folder under
\`skills/\`; its SKILL.md says how to read what it finds.

This page is generated from those files and from the code by \`npm run generate\`. Do not edit it.`;

const actionsIntro = `A map allows an action by naming its id in \`spec.policy.actions\`. Infra actions change the environment and, where
\`source.manifests\` names the node's file, that file too; Code actions change the repository on the session's branch, and the
map's workflow deploys it. *After a crash* is how an act that may or may not have happened is told: Natural (doing it twice is doing it
once), Keyed (it carries the act's id), Fenced (by ids that were seen before). *Taken back*: whether a session undoes it when
it did not help.`;

const remediesIntro = `What a skill knows to be the cause of a finding, and what it would do about it. The reasoner asks the remedies of the
node that it blames.`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ') || '-';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function overview(told: readonly Told[]): string {
  const rows = told.map(({ skill, page }) => [
    page === undefined ? code([skill.id]) : `[\`${skill.id}\`](../${page.path})`,
    page?.description ?? `Another name for ${code([sameAs(skill, told)])}: ${skill.title}.`,
    code([skill.server]),
    code(skill.checks.map(({ name }) => name)),
  ]);
  return table(['skill', 'what it does', 'MCP server', 'checks of Verifying'], rows);
}

/** The skill with the same probe. */
function sameAs(skill: Skill, told: readonly Told[]): string {
  return told.find((other) => other.page !== undefined && other.skill.probe === skill.probe)?.skill.id ?? '';
}

function actions(): string {
  const rows = skills.flatMap((skill) => skill.actions.map((action) => actionRow(action)));
  return table(['action', 'what it does', 'class', 'risk', 'after a crash', 'taken back'], rows);
}

function actionRow(action: ActionType): readonly string[] {
  const { id, title, idempotency, gate } = action;
  const risk = gate === undefined ? action.risk : `${action.risk}, gate ${gate}`;
  const back = action.class === 'Code' ? 'by the next commit' : action.rollback === undefined ? 'no' : 'yes';
  return [code([id]), title, action.class, risk, idempotency, back];
}

function remedies(): string {
  const rows = skills.flatMap(({ id, remedies: known }) =>
    known.map(({ cause, forKinds }) => [code([id]), code([cause]), code(forKinds)]),
  );
  return table(['skill', 'cause', 'of a finding'], rows);
}

function section({ skill, page }: Told): string {
  if (page === undefined) return '';
  const parameters = Object.entries(page.parameters).map(([names, meaning]) => [
    names.replaceAll(/\w+(?=,| or |$)/g, (name) => code([name])),
    meaning,
  ]);
  return [
    `### ${skill.id}`,
    parameters.length === 0 ? 'No parameters.' : table(['parameter', 'meaning (default)'], parameters),
    page.kinds.length === 0 ? '' : `Finds ${code(page.kinds)}.`,
    [told('Reads by', skill.tools.read), told('Writes by', skill.tools.write)].join(' ').trim(),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function told(what: string, tools: readonly string[]): string {
  return tools.length === 0 ? '' : `${what} ${code(tools)}.`;
}

/** The whole page. */
export function skillsPage(): string {
  const all = skills.map((skill) => ({ skill, page: pageOf(skill.id) }));
  const sections = all.map(section).filter((text) => text !== '');
  return `${[
    intro,
    overview(all),
    `## Actions\n\n${actionsIntro}`,
    actions(),
    `## Causes and remedies\n\n${remediesIntro}`,
    remedies(),
    '## Parameters, findings and tools',
    ...sections,
  ].join('\n\n')}\n`;
}

if (import.meta.main) {
  const wanted = skillsPage();
  if (!process.argv.includes('--check')) writeFileSync(file, wanted);
  else if (readFileSync(file, 'utf8') !== wanted) {
    console.error('docs/skills.md is stale, run npm run generate');
    process.exitCode = 1;
  }
}
