import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapted, byHand } from './redaction-rules/adapt.ts';
import { convert } from './redaction-rules/re2.ts';
import { parseToml, type Table } from './redaction-rules/toml.ts';

/**
 * Makes controller/redaction/rules/gitleaks.json from the default configuration of gitleaks at the version below, and says which of its
 * rules are not in it and why. Needs `go`. `--check` only tells whether the file is up to date.
 */

const gitleaks = { module: 'github.com/zricethezav/gitleaks/v8', version: 'v8.30.1' } as const;
const folder = join(import.meta.dirname, '../controller/redaction/rules');

interface KeptRule {
  readonly id: string;
  readonly pattern: string;
  readonly flags: string;
  readonly keywords: readonly string[];
  readonly entropy?: number;
  readonly allowed?: readonly { readonly pattern: string; readonly flags: string }[];
}

const asStrings = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);
const conversion = (re2: string) => {
  const { source, flags } = convert(re2);
  return { pattern: source, flags };
};

function keptRule(rule: Table): KeptRule {
  const { source, flags } = convert(String(rule['regex']));
  const allowed = ((rule['allowlists'] as Table[] | undefined) ?? [])
    .filter((list) => list['regexTarget'] === undefined)
    .flatMap((list) => asStrings(list['regexes']).map(conversion));
  return {
    id: String(rule['id']),
    pattern: adapted(source, rule['secretGroup']),
    flags,
    keywords: asStrings(rule['keywords']),
    ...(rule['entropy'] === undefined ? {} : { entropy: Number(rule['entropy']) }),
    ...(allowed.length === 0 ? {} : { allowed }),
  };
}

function download(): { readonly Dir: string; readonly Sum: string } {
  const args = ['mod', 'download', '-json', `${gitleaks.module}@${gitleaks.version}`];
  return JSON.parse(execFileSync('go', args, { encoding: 'utf8' })) as { Dir: string; Sum: string };
}

const { Dir, Sum } = download();
const { rules } = parseToml(readFileSync(join(Dir, 'config/gitleaks.toml'), 'utf8')) as { rules: Table[] };
const kept: KeptRule[] = [];
for (const rule of rules) {
  const id = String(rule['id']);
  const instead = byHand[id];
  if (instead !== undefined) {
    process.stdout.write(`not taken over: ${id} - ${instead}\n`);
    continue;
  }
  // Throws for a rule that cannot be converted: it has to be named in adapt.ts, and covered by hand.
  try {
    kept.push(keptRule(rule));
  } catch (error) {
    throw new Error(`rule ${id} cannot be converted: name it in adapt.ts and cover it`, { cause: error });
  }
}
const made = {
  source: { ...gitleaks, sum: Sum, license: 'MIT', file: 'config/gitleaks.toml' },
  rules: kept,
};
const file = join(folder, 'gitleaks.json');
if (process.argv.includes('--check')) {
  const there: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (JSON.stringify(there) !== JSON.stringify(made)) throw new Error(`${file} is not up to date`);
} else {
  writeFileSync(file, `${JSON.stringify(made, undefined, 2)}\n`);
  writeFileSync(join(folder, 'LICENSE.gitleaks'), readFileSync(join(Dir, 'LICENSE'), 'utf8'));
}
process.stdout.write(`${kept.length} of ${rules.length} rules of gitleaks ${gitleaks.version}\n`);
