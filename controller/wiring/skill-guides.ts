import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skills } from '../../skills/catalogue.ts';

const folder = join(import.meta.dirname, '../../skills');

/** By skill, the part of its page that says how to read what it finds; those that have none need none. */
export function skillGuides(): ReadonlyMap<string, string> {
  return new Map(skills.flatMap(({ id }) => guideOf(id).map((text) => [id, text] as const)));
}

function guideOf(skill: string): readonly string[] {
  const path = join(folder, skill, 'SKILL.md');
  if (!existsSync(path)) return [];
  const [, guide] = /^## How to read it$(.*?)(?=^## |$(?![\s\S]))/ms.exec(readFileSync(path, 'utf8')) ?? [];
  return guide === undefined ? [] : [guide.trim()];
}
