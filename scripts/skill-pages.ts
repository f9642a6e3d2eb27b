import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

const root = join(import.meta.dirname, '..');

/** What a skill's SKILL.md says of it. */
export interface SkillPage {
  /** Path in the repository. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** Name (or names: `minTasks, maxTasks`) and meaning of each parameter. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tools: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** `<skill>.<Reason>` of what the page says that the skill finds, in its order. */
  readonly kinds: readonly string[];
}

/** The page of a skill; undefined where there is none. @throws when the front matter is not there. */
export function pageOf(skill: string): SkillPage | undefined {
  const path = `skills/${skill}/SKILL.md`;
  if (!existsSync(join(root, path))) return undefined;
  const text = readFileSync(join(root, path), 'utf8');
  const [, front, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  if (front === undefined || body === undefined) throw new Error(`${path} has no front matter`);
  // Our own files; a unit test holds them against the code.
  const { name, description, parameters, tools } = load(front) as Omit<SkillPage, 'path' | 'kinds'>;
  const finds = /^## What (?:it finds|the probe says)$(.*?)^## /ms.exec(body)?.[1] ?? body;
  const named = [...finds.matchAll(new RegExp(String.raw`\b${skill}\.[A-Z][A-Za-z]+`, 'g'))].map(([kind]) => kind);
  return { path, name, description, parameters, tools, kinds: [...new Set(named)] };
}

/** `minTasks, maxTasks` and `queueUrl or queueName` are two names each. */
export function parameterNames({ parameters }: SkillPage): readonly string[] {
  return Object.keys(parameters).flatMap((names) => names.split(/, | or /));
}
