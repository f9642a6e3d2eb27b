import { describe, expect, it } from 'vitest';
import { checkParameters } from '../../../../controller/topology/parameters.ts';
import type { Finding } from '../../../../controller/evidence/finding.ts';
import { applyRecipe } from '../../../../skills/code-editor/remedies.ts';
import { skill } from '../../../../skills/code-editor/skill.ts';
import { fakeTools, nodeWith, probeContext, str } from '../lib/fake-tools.ts';

const recipe = {
  name: 'wide-ids',
  when: { kinds: ['cloudwatch.StackTrace', 'cloudwatch.NewErrorTemplate'], message: 'Out of Range' },
  path: 'src/ids.js',
  find: '2 ** 31 - 1',
  replace: 'Number.MAX_SAFE_INTEGER',
  rationale: 'the column has 64 bits',
};
const others = [
  { ...recipe, name: 'other-words', when: { kinds: ['cloudwatch.StackTrace'], message: 'refused' } },
  { ...recipe, name: 'other-kind', when: { kinds: ['aws-ecs.OutOfMemory'] } },
];
const parameters = { repository: 'acme/shop', paths: ['none.json'], recipes: [recipe, ...others] };

function finding(kind: string, summary: string, severity: Finding['severity'] = 'Warning'): Finding {
  return { id: kind, node: 'n', kind, severity, summary, source: 's' };
}

async function probed(text: string): Promise<readonly Finding[]> {
  const get = ({ path }: { path?: unknown }) => (str(path as string) === 'src/ids.js' ? { text } : undefined);
  const result = await skill.probe?.(probeContext(fakeTools({ get_file_contents: get }), parameters));
  return result?.findings ?? [];
}

async function proposed(text: string, ...harm: readonly Finding[]) {
  const findings = [...harm, ...(await probed(text))];
  return applyRecipe.propose({ node: nodeWith(parameters), findings, changes: [], series: [] });
}

const source = 'const most = 2 ** 31 - 1;\n';
const outOfRange = finding('cloudwatch.StackTrace', '9 times at idOf (src/ids.js:3): id <number> is out of range');

describe('a recipe of the map', () => {
  it('fits where its text stands exactly once', async () => {
    expect((await probed(source)).map(({ facts }) => facts?.['recipe'])).toEqual([
      'wide-ids',
      'other-words',
      'other-kind',
    ]);
    expect(await probed('const most = Number.MAX_SAFE_INTEGER;\n')).toEqual([]);
    expect(await probed(source + source)).toEqual([]);
  });

  it('is proposed for a finding of its kinds that says its words', async () => {
    const fixes = await proposed(source, outOfRange);
    expect(fixes.map(({ action, parameters: edit }) => [action, edit])).toEqual([
      [
        'code-editor.replace-text',
        { edits: [{ path: recipe.path, search: recipe.find, replace: 'Number.MAX_SAFE_INTEGER' }] },
      ],
    ]);
    expect(fixes[0]?.rationale).toBe("the map's recipe wide-ids for cloudwatch.StackTrace: the column has 64 bits");
  });

  it('is not proposed for other words, for what does not hurt, or where it does not fit', async () => {
    expect(await proposed(source, finding('cloudwatch.StackTrace', 'cannot reach 127.0.0.1'))).toEqual([]);
    expect(await proposed(source, { ...outOfRange, severity: 'Info' })).toEqual([]);
    expect(await proposed('', outOfRange)).toEqual([]);
  });

  it('without words is for any finding of its kinds', async () => {
    const [fix] = await proposed(source, finding('aws-ecs.OutOfMemory', 'killed', 'Critical'));
    expect(fix?.rationale).toContain('other-kind');
  });

  it('is refused in a map where it lacks what it needs', () => {
    expect(checkParameters(skill, parameters)).toMatchObject({ ok: true });
    const { find: _, ...without } = recipe;
    expect(checkParameters(skill, { ...parameters, recipes: [without] })).toMatchObject({ ok: false });
  });
});
