import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { skill as codeEditor } from '../../../../skills/code-editor/skill.ts';
import { skill as codeReader } from '../../../../skills/code-reader/skill.ts';
import { failed, fakeTools, probeContext, str } from '../lib/fake-tools.ts';

const texts: Record<string, string> = {
  'config/app.json': '{"job": {"batchSize": 1000}, "pool": {"max": 9}, "port": 1, "apiToken": {"maxLength": 3}}',
  'deploy/task.json': '{"memory": 512}',
  'package.json': '{"limit": 1}',
  'tsconfig.json': '{"maxDepth": 1}',
  'src/config/more.yaml': 'worker:\n  concurrency: 8\n',
  'svc/app.env': 'BATCH_SIZE=7\n',
};
const folders: Record<string, Json> = {
  '/': [dir('config'), dir('deploy'), dir('src'), file('package.json'), file('tsconfig.json')],
  config: [file('config/app.json')],
  src: [dir('src/config'), file('src/main.js')],
  'src/config': [file('src/config/more.yaml')],
  svc: [file('svc/app.env')],
};

function dir(path: string): Json {
  return { type: 'dir', path, name: path, size: 0 };
}
function file(path: string): Json {
  return { type: 'file', path, name: path, size: 10 };
}

const tools = () =>
  fakeTools({
    get_file_contents: ({ path }) => {
      const text = texts[str(path)];
      return folders[str(path)] ?? (text === undefined ? undefined : { uri: 'u', mimeType: 'm', text });
    },
  });

async function keys(parameters: JsonObject, skill = codeReader): Promise<unknown> {
  const result = await skill.probe?.(probeContext(tools(), { repository: 'acme/shop', ...parameters }));
  const settings = result?.findings[0]?.facts?.['settings'] as
    | readonly { path: string; key: string; affects: string }[]
    | undefined;
  return settings?.map(({ path, key, affects }) => `${path} ${key} ${affects}`);
}

describe('the numbers of the configuration', () => {
  it('are found in the files that a service reads, not in tools’ or deployments’, nor where a secret may be', async () => {
    expect(await keys({})).toEqual([
      'config/app.json job.batchSize Memory',
      'config/app.json pool.max Connections',
      'src/config/more.yaml worker.concurrency Connections',
    ]);
  });

  it('are read from the paths that are named', async () => {
    expect(await keys({ paths: ['/config/app.json', 'none.json'] })).toEqual([
      'config/app.json job.batchSize Memory',
      'config/app.json pool.max Connections',
    ]);
    expect(await keys({ paths: ['src/config'] })).toEqual(['src/config/more.yaml worker.concurrency Connections']);
  });

  it('are read from the service’s folder', async () => {
    expect(await keys({ path: 'svc/' })).toEqual(['svc/app.env BATCH_SIZE Memory']);
  });

  it('come from either skill, under its own kind, with the same remedies', async () => {
    expect(await keys({}, codeEditor)).toEqual(await keys({}));
    const result = await codeEditor.probe?.(probeContext(tools(), { repository: 'acme/shop' }));
    expect(result?.findings[0]).toMatchObject({ kind: 'code-editor.NumericSettings', severity: 'Info' });
    expect(codeEditor.remedies).toEqual(expect.arrayContaining([...codeReader.remedies]));
  });

  it('cannot be read where the repository cannot', async () => {
    const broken = fakeTools({ get_file_contents: () => failed('get_file_contents', 'Http401') });
    await expect(codeReader.probe?.(probeContext(broken, { repository: 'acme/shop' }))).rejects.toMatchObject({
      code: 'Http401',
    });
  });

  it('are none where there are no such files', async () => {
    const empty = fakeTools({ get_file_contents: () => [] });
    expect(await codeReader.probe?.(probeContext(empty, { repository: 'acme/shop' }))).toMatchObject({
      findings: [],
      gaps: [],
    });
  });
});
