import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pageOf, parameterNames } from '../../../scripts/skill-pages.ts';
import { file, skillsPage } from '../../../scripts/skills-table.ts';
import { skills } from '../../../skills/catalogue.ts';
import type { Skill } from '../../../skills/skill.ts';

const root = join(import.meta.dirname, '../../..');
const withPage = skills.flatMap((skill) => {
  const page = pageOf(skill.id);
  return page === undefined ? [] : [[skill.id, skill, page] as const];
});

/** All code of a skill, and what it shares with others. */
function sourceOf({ id }: Skill): string {
  return [`skills/${id}`, 'skills/lib']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    )
    .join('\n');
}

test('docs/skills.md is up to date: npm run generate', () => {
  expect(readFileSync(file, 'utf8')).toBe(skillsPage());
});

test('every folder of a skill is in the catalogue, and every skill has a page', () => {
  const folders = readdirSync(join(root, 'skills'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'lib')
    .map(({ name }) => name);
  expect(withPage.map(([id]) => id).toSorted()).toEqual(folders.toSorted());
  expect(skills.filter(({ id }) => pageOf(id) === undefined)).toEqual([]);
});

describe.each(withPage)('the page of %s', (id, skill, page) => {
  test('names it, its parameters and its tools as the code has them', () => {
    expect(page.name).toBe(id);
    expect(page.tools).toEqual(skill.tools);
    const { properties = {} } = skill.parameters as { properties?: object };
    expect(parameterNames(page).toSorted()).toEqual(Object.keys(properties).toSorted());
  });

  test('names findings that are in the code', () => {
    const source = sourceOf(skill);
    // A kind is written out, or made of the skill's id and a reason that is.
    const unknown = page.kinds.filter((kind) => {
      const reason = kind.slice(id.length + 1);
      return !new RegExp(String.raw`['\`.]${reason}['\`]`).test(source) && !new RegExp(`\\b${reason}:`).test(source);
    });
    expect(unknown).toEqual([]);
  });

  test('names its actions and its checks', () => {
    const text = readFileSync(join(root, page.path), 'utf8');
    for (const { id: action } of skill.actions) expect(text).toContain(`\`${action}`);
    for (const { name } of skill.checks) expect(text).toContain(`\`${name}\``);
  });
});
