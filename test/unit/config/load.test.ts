import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../controller/config/config-error.ts';
import { defaultConfig, loadConfig, parseConfig } from '../../../controller/config/load.ts';

const signal = new AbortController().signal;

function problems(text: string): string[] {
  try {
    parseConfig(text, 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('is whole and acts nowhere by default', () => {
    expect(defaultConfig).toMatchObject({
      allow: { awsAccounts: [], clusters: [], hosts: [], cidrs: [], repositories: [], workflows: [], namespaces: [] },
      servers: {},
      leaderElection: { enabled: true, leaseSeconds: 15 },
      workers: 10,
      limits: { default: { writes: 50 }, maximum: { iterations: 20, writes: 200 } },
      timings: { probeSeconds: 20, pollMs: 5_000 },
      coalesceMs: 5_000,
    });
    expect(parseConfig('')).toEqual(defaultConfig);
    expect(parseConfig('# nothing yet\n')).toEqual(defaultConfig);
    expect(problems('workers: 1\n---\nworkers: 2\n')).toEqual(['c.yaml: holds more than one document']);
  });

  it('reads YAML and JSON alike', () => {
    const yaml =
      'allow:\n  cidrs: [127.0.0.0/8]\nservers:\n  aws-ecs: {endpoint: "http://127.0.0.1:1", accountCheck: false}\n';
    const json =
      '{"allow":{"cidrs":["127.0.0.0/8"]},"servers":{"aws-ecs":{"endpoint":"http://127.0.0.1:1","accountCheck":false}}}';
    expect(parseConfig(yaml)).toEqual(parseConfig(json));
    expect(parseConfig(yaml).servers['aws-ecs']).toEqual({ endpoint: 'http://127.0.0.1:1', accountCheck: false });
    expect(parseConfig(yaml).allow.hosts).toEqual([]);
  });

  it('cannot be changed, and shares nothing with another one', () => {
    const config = parseConfig('{}');
    expect(Object.isFrozen(config.allow.hosts)).toBe(true);
    expect(() => (config.allow.hosts as string[]).push('x')).toThrow(TypeError);
    expect(config.allow).not.toBe(defaultConfig.allow);
  });

  it('of checks in Jobs needs an image, and has defaults for the rest', () => {
    expect(problems('sandbox:\n  kind: Job\n')).toEqual([
      'c.yaml:1: /sandbox/job is needed where /sandbox/kind is Job',
    ]);
    expect(problems('sandbox: {kind: Job, job: {}}')).toEqual([
      "c.yaml:1: /sandbox/job must have required property 'image'",
    ]);
    const { sandbox } = parseConfig('sandbox: {kind: Job, job: {image: checks}}');
    expect(sandbox.job).toMatchObject({ namespace: 'threehops-sandbox', runtimeClassName: '', memoryMiB: 1_024 });
    expect(sandbox.job).toMatchObject({ proxyPort: 8_095, proxyMiB: 1_024 });
    expect(problems('sandbox: {job: {image: checks, proxyPort: 80}}')).toEqual([
      'c.yaml:1: /sandbox/job/proxyPort must be >= 1024',
    ]);
    expect(defaultConfig.sandbox).toEqual({ kind: 'Bubblewrap', bubblewrap: 'bwrap', libraryPath: '', hosts: [] });
  });

  it.each([
    ['a word that is unknown', 'allow:\n  hosts: []\n  branches: [main]\n', 'c.yaml:3: /allow/branches is not known'],
    [
      'a CIDR that is none',
      'allow:\n  cidrs:\n    - 10.0.0.0/8\n    - 10.0.0.0/33\n',
      'c.yaml:4: /allow/cidrs/1 is no cidr',
    ],
    ['a URL for a host', 'allow: {hosts: ["https://x.example"]}', 'c.yaml:1: /allow/hosts/0 is no host-glob'],
    [
      'an account that is none',
      'allow:\n  awsAccounts: ["12"]',
      'c.yaml:2: /allow/awsAccounts/0 must match pattern "^[0-9]{12}$"',
    ],
    [
      'an account as a number',
      'allow:\n  awsAccounts: [123456789012]',
      'c.yaml:2: /allow/awsAccounts/0 must be string',
    ],
    ['a list that is none', 'allow:\n  hosts: x', 'c.yaml:2: /allow/hosts must be array'],
    ['answers kept too long', '# kept\n\ncoalesceMs: 6000', 'c.yaml:3: /coalesceMs must be <= 5000'],
    ['a time out of bounds', 'timings:\n  pollMs: 1', 'c.yaml:2: /timings/pollMs must be >= 50'],
    [
      'a default above its maximum',
      'limits:\n  default:\n    writes: 9\n  maximum:\n    writes: 8',
      'c.yaml:3: /limits/default/writes is above /limits/maximum/writes (8)',
    ],
    ['a server with a bad name', 'servers:\n  ../x: {}', 'c.yaml:2: /servers/..~1x is not a valid name'],
    ['a list at the top', '- a', 'c.yaml:1: must be object'],
    [
      'a model without a key',
      'claude:\n  model: some-model',
      "c.yaml:1: /claude must have required property 'secretRef'",
    ],
    [
      'a service by a URL with a key in it',
      'claude:\n  secretRef: {name: claude}\n  model: some-model\n  baseUrl: https://x:y@models.example',
      'c.yaml:4: /claude/baseUrl is no base-url',
    ],
    ['an address without a port', 'metricsAddress: localhost', 'c.yaml:1: /metricsAddress is no host-port'],
  ])('names the field and the line of %s', (_title, text, problem) => {
    expect(problems(text)).toContain(problem);
  });

  it('has a model only where one is named, and then all that it takes', () => {
    expect(defaultConfig.claude).toBeUndefined();
    expect(parseConfig('claude: {secretRef: {name: claude}, model: some-model}').claude).toEqual({
      secretRef: { name: 'claude' },
      baseUrl: 'https://api.anthropic.com',
      model: 'some-model',
      maxTokens: 16_000,
      contextTokens: 60_000,
      requestSeconds: 300,
    });
  });

  it('says all that is wrong at once', () => {
    expect(problems('workers: 0\ncoalesceMs: -1\nx: 1\n')).toHaveLength(3);
  });

  it('names the line of YAML that cannot be read', () => {
    expect(problems('allow: {}\nworkers: [')[0]).toMatch(/^c\.yaml:\d: /);
    expect(problems('workers: 1\nworkers: 2\n')[0]).toMatch(/^c\.yaml:2: /);
  });

  it('refuses a bomb of aliases', () => {
    const lines = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(20)}]`);
    expect(problems(`a0: &a0 [x]\n${lines.join('\n')}\n`)).not.toEqual([]);
  });

  it('reads a file, and names one that is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'threehops-config-'));
    try {
      const file = join(folder, 'config.yaml');
      await writeFile(file, 'workers: 3\n');
      expect((await loadConfig(file, signal)).workers).toBe(3);
      const missing = join(folder, 'none.yaml');
      await expect(loadConfig(missing, signal)).rejects.toThrow(`${missing}: cannot be read`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
