import { describe, expect, it } from 'vitest';
import { convert } from '../../../scripts/redaction-rules/re2.ts';
import { parseToml } from '../../../scripts/redaction-rules/toml.ts';
import { keptRules } from '../../../controller/redaction/kept-rules.ts';
import { rulesFinder, type FormRule } from '../../../controller/redaction/rule.ts';
import { commandRules } from '../../../controller/redaction/commands.ts';
import { cutRules } from '../../../controller/redaction/cut-secrets.ts';
import { formRules } from '../../../controller/redaction/rules.ts';
import { redact } from '../../../controller/redaction/redact.ts';

/** What this thread has computed since, whatever else the machine does. */
function spentMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

describe('the kept rule set', () => {
  it('is large, and each rule can be told and tried', () => {
    expect(keptRules.length).toBeGreaterThan(200);
    expect(new Set(keptRules.map(({ kind }) => kind)).size).toBe(keptRules.length);
    for (const { kind, literals } of keptRules) {
      expect(literals.length, `${kind} has literals`).toBeGreaterThan(0);
      expect(kind, `${kind} fits a marker`).toMatch(/^[\w-]+$/);
    }
  });

  it('finds a secret by a rule around its keyword, in whatever case that is, and leaves what is too plain', () => {
    const rule: FormRule = {
      kind: 'x',
      pattern: 'acme=([a-z0-9]{8})',
      ignoreCase: true,
      literals: ['acme'],
      entropy: 2,
    };
    const text = `${'.'.repeat(5_000)} ACME=q1w2e3r4 ${'.'.repeat(5_000)} acme=aaaaaaaa acme=z9y8x7w6`;
    const found = rulesFinder([rule])(text).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(['q1w2e3r4', 'z9y8x7w6']);
  });

  // Built by hand from what the issuers document, not from the patterns.
  const digits = '0123456789abcdef';
  it.each([
    ['databricks-api-token', `dapi${digits}${digits}`],
    ['rubygems-api-token', `rubygems_${digits.repeat(3)}`],
    ['pulumi-api-token', `pul-${digits}${digits}01234567`],
    ['shippo-api-token', `shippo_live_${digits}${digits}89abcdef`],
    ['perplexity-api-key', `pplx-${'aB3dE6gH9j'.repeat(5).slice(0, 48)}`],
    ['digitalocean-refresh-token', `dor_v1_${digits.repeat(4)}`],
  ])('takes out a %s', (kind, secret) => {
    expect(redact(`said ${secret}.`)).toBe(`said [redacted:${kind}].`);
    expect(redact(JSON.stringify({ text: `"${secret}"` }))).not.toContain(secret);
  });
});

describe('no rule takes long', () => {
  /** What a rule's pattern may run over again and again: its keywords with what may follow them. */
  const fillers = [
    'a',
    'A1',
    '0',
    ' ',
    '-',
    '_',
    '.',
    '=',
    '"',
    "'",
    '\\',
    ':',
    '/',
    'a.',
    ' =',
    '="',
    '\n',
    '\\"',
    'F0=',
  ];
  it.each(
    [...keptRules, ...formRules, ...commandRules, ...cutRules].map(
      (rule) => [rule.kind, rule.literals[0], rule] as const,
    ),
  )('%s, by %j', (_kind, _literal, rule) => {
    const find = rulesFinder([rule]);
    const started = process.threadCpuUsage();
    for (const keyword of rule.literals) {
      find(keyword.repeat(Math.ceil(60_000 / keyword.length)));
      for (const filler of fillers) {
        find(`${keyword}${filler.repeat(400)}`.repeat(20));
        find(`${keyword}${filler.repeat(20)}`.repeat(400));
      }
    }
    expect(spentMs(started), `${rule.kind} on ${rule.literals.length} keywords`).toBeLessThan(
      1_500 * rule.literals.length,
    );
  });
});

describe('patterns of Go as those of JavaScript', () => {
  it.each([
    ['(?i)ab(c)', 'ab(c)', 'i'],
    ['x(?i)a|b', 'x(?i:a)|(?i:b)', ''],
    ['(x(?i)a|b)c', '(x(?i:a)|(?i:b))c', ''],
    ['a(?i)b(?-i:c)', 'a(?i:b(?-i:c))', ''],
    ['[[:alnum:]_]+', '[0-9A-Za-z_]+', ''],
    ['[]a]', String.raw`[\]a]`, ''],
    [String.raw`a.b\z`, String.raw`a[^\n]b(?![\s\S])`, ''],
    ['(?P<name>[.])', '(?<name>[.])', ''],
  ])('%s', (re2, source, flags) => {
    expect(convert(re2)).toEqual({ source, flags });
  });

  it.each([String.raw`\pL`, '(?m)^a', '(?U)a+', '[[:^alpha:]]'])('refuses %s, which it cannot tell', (re2) => {
    expect(() => convert(re2)).toThrow(SyntaxError);
  });

  it('reads a configuration', () => {
    const text = `# c\ntitle = "a\\"b"\n[x]\nn = 3.5\n[[rules]]\nid = '''q'z'''\nlist = [\n  "a", # one\n  '''b]''',\n]\n[[rules.more]]\nk = 'v'\n`;
    expect(parseToml(text)).toEqual({
      title: 'a"b',
      x: { n: 3.5 },
      rules: [{ id: "q'z", list: ['a', 'b]'], more: [{ k: 'v' }] }],
    });
  });
});
