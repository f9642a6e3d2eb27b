import { describe, expect, it } from 'vitest';
import { reviewEdits, type ReviewContext } from '../../../controller/actions/review-gate.ts';
import type { FileEdit } from '../../../skills/skill.ts';

type Change = readonly [path: string, before: string | null, after: string | null];

function review(changes: readonly Change[], more: Partial<ReviewContext> = {}) {
  const edits: FileEdit[] = changes.map(([path, , content]) => ({ path, content }));
  const before = new Map(changes.map(([path, text]) => [path, text]));
  return reviewEdits(edits, { schemaPaths: ['db/changes/'], action: 'code-editor.set-number', before, ...more });
}
const verdict = (changes: readonly Change[], more?: Partial<ReviewContext>) => review(changes, more).verdict;

const long = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n');
const tests = "test('a', () => { expect(1).toBe(1); });\ntest('b', () => { expect(2).toBe(2); });\n";

describe('the review gate', () => {
  it('lets a small change of code or configuration pass', () => {
    const changes: Change[] = [
      ['config/app.json', '{"size": 1000}', '{"size": 100}'],
      ['src/a.js', 'one\n', 'two\n'],
    ];
    expect(review(changes)).toEqual({ verdict: 'Pass', reasons: [] });
  });

  it('refuses nothing at all', () => {
    expect(verdict([])).toBe('Refused');
  });

  it.each([
    ['.github/workflows/ci.yaml'],
    ['Jenkinsfile'],
    ['package.json'],
    ['package-lock.json'],
    ['services/x/yarn.lock'],
    ['Dockerfile'],
    ['build/Dockerfile.prod'],
    ['Makefile'],
    ['.husky/pre-push'],
    ['.npmrc'],
    ['certs/server.key'],
    ['CODEOWNERS'],
    ['docs/CODEOWNERS'],
    ['.gitattributes'],
    ['.gitmodules'],
    ['.envrc'],
    ['.vscode/tasks.json'],
    ['.devcontainer/devcontainer.json'],
    ['.yarnrc.yml'],
    ['gradle/wrapper/gradle-wrapper.properties'],
    ['mvnw'],
    ['bitbucket-pipelines.yml'],
    ['.woodpecker/ci.yaml'],
  ])('asks a person before %s', (path) => {
    const result = review([[path, 'a', 'b']]);
    expect(result.verdict).toBe('NeedsApproval');
    expect(result.reasons[0]).toContain(path);
  });

  it.each([['../x'], ['/etc/passwd'], ['.git/hooks/pre-push'], ['a/.GIT/config'], ['a//b']])(
    'refuses the path %s',
    (path) => {
      expect(verdict([[path, null, 'x']])).toBe('Refused');
    },
  );

  it.each<Change>([
    ['db/changes/001.js', null, 'x'],
    ['migrations/2.py', null, 'x'],
    ['schema.sql', 'a', 'b'],
    ['src/a.js', 'q', "db.query('ALTER TABLE t ADD COLUMN c int')"],
    ['src/a.js', "db.query('create unique index i on t (c)')", 'q'],
    ['src/a.js', 'q', "knex.schema.dropTable('t')"],
  ])('has a gate of its own for a change of the schema: %s', (...change) => {
    expect(review([change])).toMatchObject({ verdict: 'NeedsApproval', gate: 'SchemaChange' });
    expect(review([change], { restoredPaths: [change[0]] })).toMatchObject({ gate: 'SchemaChange' });
    expect(review([['Makefile', 'a', 'b'], change])).toMatchObject({ gate: 'SchemaChange' });
  });

  it('opens no gate for what is refused, whatever else is changed with it', () => {
    const secret = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
    const result = review([
      ['schema.sql', 'a', 'b'],
      ['config/app.yaml', 'a', secret],
    ]);
    expect(result).toMatchObject({ verdict: 'Refused' });
    expect(result).not.toHaveProperty('gate');
  });

  it('does not mind data definition that stays as it is', () => {
    const text = "db.query('CREATE TABLE IF NOT EXISTS t (id int)');\nconst n = ";
    expect(verdict([['src/a.js', `${text}1`, `${text}2`]])).toBe('Pass');
  });

  it.each([
    ['key = "AKIAABCDEFGHIJKLMNOP"'],
    ['-----BEGIN RSA PRIVATE KEY-----'],
    ['url: postgres://user:hunter22@db/x'],
    [`hook: https://hooks.slack.com/services/${'T0'.repeat(12)}`],
    [`key: ${['glpat', 'a1'.repeat(12)].join('-')}`],
  ])('refuses to write a secret: %s', (line) => {
    expect(verdict([['config/app.yaml', 'a: 1\n', `a: 1\n${line}\n`]])).toBe('Refused');
    expect(verdict([['config/app.yaml', `${line}\na: 1\n`, `${line}\na: 2\n`]])).toBe('Pass');
  });

  it.each(['\u202e', '\u2066', '\u{e0041}'])('refuses to write what is not read as it stands: %j', (sign) => {
    const line = `if (role !== "user${sign}") allow();`;
    expect(verdict([['src/a.js', 'a\n', `a\n${line}\n`]])).toBe('Refused');
    expect(verdict([['src/a.js', `${line}\na\n`, `${line}\nb\n`]])).toBe('Pass');
    expect(verdict([['src/a.js', 'a\n', 'a\n👩‍🔧 שלום\n']])).toBe('Pass');
  });

  it.each<[string, string | null]>([
    ['removed', null],
    ['one of two gone', "test('a', () => { expect(1).toBe(1); });\n"],
    ['without an assertion', tests.replace('expect(2).toBe(2);', '')],
    ['skipped', tests.replace("test('b'", "test.skip('b'")],
  ])('asks a person before a test is weakened: %s', (_, after) => {
    expect(verdict([['test/a.test.js', tests, after]])).toBe('NeedsApproval');
    expect(verdict([['src/a_test.go', 'func TestA() { assert.Equal(1, 1) }', after === null ? null : '']])).toBe(
      'NeedsApproval',
    );
  });

  it('lets tests be added and extended', () => {
    expect(verdict([['test/new.test.js', null, tests]])).toBe('Pass');
    expect(verdict([['test/a.test.js', tests, `${tests}${tests}`]])).toBe('Pass');
  });

  it('asks a person where a test is changed and nobody knows what it was', () => {
    const edits = [{ path: 'test/a.test.js', content: tests }];
    expect(reviewEdits(edits, { schemaPaths: [], action: 'x' }).verdict).toBe('NeedsApproval');
  });

  it('lets a revert take along what its commit had added, where that restores what stood on the base branch', () => {
    const changes: Change[] = [
      ['src/cache.js', 'leaky\n', 'sound\n'],
      ['test/cache.test.js', tests, null],
      ['package.json', '{"version": "2"}', '{"version": "1"}'],
      ['package-lock.json', '2', '1'],
    ];
    const restoredPaths = changes.map(([path]) => path);
    expect(verdict(changes, { action: 'github.revert-commit', restoredPaths })).toBe('Pass');
    expect(verdict(changes, { action: 'github.revert-commit' })).toBe('NeedsApproval');
  });

  it('asks a person also before a revert changes the pipeline, a hook or a credential', () => {
    for (const path of ['.github/workflows/ci.yaml', '.husky/pre-push', '.npmrc']) {
      expect(verdict([[path, 'new', 'old']], { restoredPaths: [path] })).toBe('NeedsApproval');
    }
  });

  it('asks a person where a revert ends in a test that stood nowhere before', () => {
    const changes: Change[] = [['test/a.test.js', `${tests}${tests}`, tests]];
    expect(verdict(changes, { restoredPaths: [] })).toBe('NeedsApproval');
  });

  it('bounds the size', () => {
    expect(verdict([['src/a.js', null, long(300)]])).toBe('Pass');
    expect(verdict([['src/a.js', null, long(500)]])).toBe('NeedsApproval');
    expect(verdict([['src/a.js', null, long(6_000)]])).toBe('Refused');
    expect(verdict([['src/a.js', long(6_000), `${long(6_000)}\nmore`]])).toBe('Pass');
    const many = (count: number) => Array.from({ length: count }, (_, index): Change => [`src/${index}.js`, 'a', 'b']);
    expect(verdict(many(21))).toBe('NeedsApproval');
    expect(verdict(many(101))).toBe('Refused');
  });

  it('asks a person outside the service’s folder', () => {
    expect(verdict([['services/pay/src/a.js', 'a', 'b']], { folder: 'services/pay' })).toBe('Pass');
    expect(verdict([['services/payments/src/a.js', 'a', 'b']], { folder: 'services/pay' })).toBe('NeedsApproval');
  });

  it('gives the reasons for a refusal first', () => {
    const result = review([
      ['Makefile', 'a', 'b'],
      ['../outside', 'a', 'b'],
    ]);
    expect(result).toMatchObject({ verdict: 'Refused' });
    expect(result.reasons[0]).toContain('../outside');
    expect(result.reasons).toHaveLength(2);
  });
});

describe('a file that nothing was found in', () => {
  const named = (path: string) => path === 'src/a.js';

  it('is a person’s to look at', () => {
    const { verdict: said, reasons } = review([['src/b.js', 'one\n', 'two\n']], { named });
    expect([said, reasons]).toEqual([
      'NeedsApproval',
      ["src/b.js is named by nothing that was found on the cause's path"],
    ]);
  });

  it.each([
    ['it is named', 'src/a.js', 'code-editor.replace-text'],
    ['it is a test that comes with the fix', 'test/b.test.js', 'code-editor.replace-text'],
    ['a commit that is to blame is taken back', 'src/b.js', 'github.revert-commit'],
  ])('passes where %s', (_, path, action) => {
    expect(verdict([[path, null, tests]], { named, action })).toBe('Pass');
  });
});
