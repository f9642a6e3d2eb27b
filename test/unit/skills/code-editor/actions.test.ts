import { describe, expect, it } from 'vitest';
import { replaceText } from '../../../../skills/code-editor/actions/replace-text.ts';
import { setNumber } from '../../../../skills/code-editor/actions/set-number.ts';
import { PlanRefused } from '../../../../skills/lib/plan-refused.ts';
import { actionContext, fakeTools } from '../lib/fake-tools.ts';

const json = '{\n  "batch": { "size": 1000, "items": "1000" },\n  "pool": { "max": 5 }\n}\n';
const context = (files: Record<string, string>) => actionContext(fakeTools({}), { repository: 'acme/shop' }, files);
const change = { path: 'config/app.json', key: 'batch.size', from: 1000, to: 100 };

describe('code-editor.set-number', () => {
  it('changes the number and nothing else, and shows the diff', async () => {
    const rendered = await setNumber.render(context({ 'config/app.json': json }), change);
    expect(rendered.edits).toEqual([{ path: 'config/app.json', content: json.replace('"size": 1000', '"size": 100') }]);
    expect(rendered.diff.split('\n')).toEqual([
      '--- a/config/app.json',
      '+++ b/config/app.json',
      '@@ -1,4 +1,4 @@',
      ' {',
      '-  "batch": { "size": 1000, "items": "1000" },',
      '+  "batch": { "size": 100, "items": "1000" },',
      '   "pool": { "max": 5 }',
      ' }',
    ]);
    expect(rendered.frozen).toEqual(change);
    expect(rendered.target.identity).toBe('file:acme/shop/config/app.json');
  });

  it('works on YAML and .env', async () => {
    const files = { 'app.yaml': 'a:\n  size: 5 # five\n', '.env': 'POOL=5\n' };
    const yaml = await setNumber.render(context(files), { path: 'app.yaml', key: 'a.size', from: 5, to: 7 });
    expect(yaml.edits[0]?.content).toBe('a:\n  size: 7 # five\n');
    const env = await setNumber.render(context(files), { path: '.env', key: 'POOL', from: 5, to: 20 });
    expect(env.edits[0]?.content).toBe('POOL=20\n');
  });

  it('has one idea for each setting and direction', () => {
    expect(setNumber.direction(change)).toBe('config/app.json#batch.size:decrease');
    expect(setNumber.direction({ ...change, to: 10 })).toBe(setNumber.direction(change));
    expect(setNumber.direction({ ...change, to: 2000 })).toBe('config/app.json#batch.size:increase');
  });

  it.each([
    ['FileMissing', { ...change, path: 'none.json' }],
    ['KeyMissing', { ...change, key: 'batch.none' }],
    ['KeyMissing', { ...change, key: 'batch.items' }],
    ['ValueDiffers', { ...change, from: 999 }],
    ['NoChange', { ...change, to: 1000 }],
  ])('refuses: %s', async (code, parameters) => {
    const error = await setNumber
      .render(context({ 'config/app.json': json }), parameters)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PlanRefused);
    expect(error).toMatchObject({ code });
  });

  it('refuses a file that its parser does not take', async () => {
    const broken = context({ 'config/app.json': '{"batch": {"size": 1000},,}' });
    await expect(setNumber.render(broken, change)).rejects.toMatchObject({ code: 'NotContained' });
  });

  it('notices when the file has changed since', async () => {
    const rendered = await setNumber.render(context({ 'config/app.json': json }), change);
    expect(await setNumber.unchanged?.(context({ 'config/app.json': json }), rendered)).toBe(true);
    expect(await setNumber.unchanged?.(context({ 'config/app.json': `${json} ` }), rendered)).toBe(false);
    expect(await setNumber.unchanged?.(context({}), rendered)).toBe(false);
  });
});

describe('code-editor.replace-text', () => {
  const files = { 'a.js': 'one\ntwo\ntwo\n', 'b.js': 'three\n' };
  const edit = (path: string, search: string, replace: string) => ({ path, search, replace });

  it('applies its edits one after the other', async () => {
    const edits = [edit('a.js', 'one', '1'), edit('a.js', '1\ntwo', '1\n2'), edit('b.js', 'three', '$& 3')];
    const rendered = await replaceText.render(context(files), { edits });
    expect(rendered.edits).toEqual([
      { path: 'a.js', content: '1\n2\ntwo\n' },
      { path: 'b.js', content: '$& 3\n' },
    ]);
  });

  it.each([
    ['NotFound', edit('a.js', 'four', '')],
    ['NotUnique', edit('a.js', 'two', '2')],
    ['FileMissing', edit('c.js', 'x', 'y')],
    ['NoChange', edit('a.js', 'one', 'one')],
  ])('refuses: %s', async (code, one) => {
    await expect(replaceText.render(context(files), { edits: [one] })).rejects.toMatchObject({ code });
  });

  it('knows a patch again whatever the order and the space', () => {
    const one = [edit('a.js', 'one', '1'), edit('b.js', 'three', '3')];
    const other = [edit('b.js', ' three ', '3'), edit('a.js', 'one', '1\n')];
    expect(replaceText.direction({ edits: one })).toBe(replaceText.direction({ edits: other }));
    expect(replaceText.direction({ edits: one })).not.toBe(replaceText.direction({ edits: one.slice(1) }));
  });
});
