import { describe, expect, test } from 'vitest';
import { condition, evaluate, type Scope, substitute } from './actions/expression.ts';
import { ExpressionError } from './actions/expression-parser.ts';
import { globsMatch } from './actions/glob.ts';

const scope: Scope = {
  contexts: { github: { ref_name: 'main', event: { inputs: { n: 3 } } }, env: { NAME: 'x' }, list: ['a', 'b'] },
  status: 'success',
};

describe('expressions of workflow files', () => {
  test.each([
    ["github.ref_name == 'MAIN'", true],
    ["github['ref_name'] != 'main'", false],
    ['github.absent.deeper', null],
    ['github.event.inputs.n > 2 && true', true],
    ["env.NAME == 'y' || 'other'", 'other'],
    ["!(1 == 2) && 'it''s'", "it's"],
    ["contains(list, 'b')", true],
    ["contains('Hello', 'ell')", true],
    ["startsWith(github.ref_name, 'ma')", true],
    ["endsWith('a.md', '.txt')", false],
    ["format('{1}-{0}', 'a', 2)", '2-a'],
    ["fromJSON('[1, 2]')[1]", 2],
    ["'' == 0", true],
    ['1 <= 1', true],
  ])('%s is %j', (source, value) => {
    expect(evaluate(source, scope)).toEqual(value);
  });

  test.each(['github.', 'a b', '(1', 'unknown.x', "what('x')", '1 ==', '#'])('%s is refused', (source) => {
    expect(() => evaluate(source, scope)).toThrow(ExpressionError);
  });

  test('they are replaced within a text', () => {
    expect(substitute('deploy ${{ github.ref_name }} to ${{ env.NAME }}${{ env.ABSENT }}!', scope)).toBe(
      'deploy main to x!',
    );
  });

  test('a condition wants success, unless it asks for a status itself', () => {
    const failed: Scope = { ...scope, status: 'failure' };
    expect(
      [undefined, 'true', 'failure()', 'always()', '${{ !cancelled() }}'].map((text) => condition(text, failed)),
    ).toEqual([false, false, true, true, true]);
    expect(condition("github.ref_name == 'main'", scope)).toBe(true);
  });
});

describe('filter patterns', () => {
  test.each([
    [['main'], 'main', true],
    [['main'], 'mainly', false],
    [['feature/*'], 'feature/a/b', false],
    [['feature/**'], 'feature/a/b', true],
    [['**.md'], 'docs/a.md', true],
    [['v[12].*'], 'v2.0', true],
    [['v[12].*'], 'v3.0', false],
    [['**', '!wip/**'], 'wip/x', false],
    [['!wip/**', '**'], 'wip/x', true],
    [['**/docs/**'], 'docs/a', true],
  ])('%j and %s: %s', (globs, name, matches) => {
    expect(globsMatch(globs, name)).toBe(matches);
  });
});
