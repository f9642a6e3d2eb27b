import { describe, expect, it, test } from 'vitest';
import { readArguments } from '../../../controller/cli/mcp/arguments.ts';
import { environmentOf } from '../../../controller/cli/mcp/environment.ts';
import { hostsIn, reachOf } from '../../../controller/cli/mcp/reach.ts';
import { findSystem, systems } from '../../../controller/cli/mcp/systems.ts';
import { usage } from '../../../controller/cli/mcp/usage.ts';
import { UsageError } from '../../../controller/cli/usage-error.ts';
import { servers } from '../../../skills/catalogue.ts';

describe('arguments', () => {
  it('read alone on the standard streams when nothing else is said', () => {
    const plain = { kind: 'Serve', system: 'redis', write: false, settings: {}, allow: [] };
    expect(readArguments(['redis'])).toEqual(plain);
  });

  it('say all there is to say', () => {
    const given = [
      'aws',
      '--write',
      '--http',
      '8123',
      '--config',
      'c.yaml',
      '--allow',
      'a.example',
      '--allow=10.0.0.0/8',
    ];
    const set = ['--set', 'region=eu-west-1', '--set', 'endpoints={"ecs":"http://e"}', '--set', 'poolSize=3'];
    expect(readArguments([...given, ...set])).toEqual({
      kind: 'Serve',
      system: 'aws',
      write: true,
      http: { host: '127.0.0.1', port: 8123 },
      config: 'c.yaml',
      settings: { region: 'eu-west-1', endpoints: { ecs: 'http://e' }, poolSize: 3 },
      allow: ['a.example', '10.0.0.0/8'],
    });
  });

  test.each([
    ['8123', '127.0.0.1'],
    ['localhost:8123', 'localhost'],
    ['[::1]:8123', '::1'],
    ['127.0.0.9:8123', '127.0.0.9'],
  ])('--http %s listens on %s', (text, host) => {
    expect(readArguments(['http', '--http', text])).toMatchObject({ http: { host, port: 8123 } });
  });

  test.each([
    [[], 'which system'],
    [['aws', 'redis'], 'one system'],
    [['aws', '--read'], "Unknown option '--read'"],
    [['aws', '--http', '0.0.0.0:1'], 'loopback addresses alone'],
    [['aws', '--http', '127.0.0.1.example.com:1'], 'loopback addresses alone'],
    [['aws', '--http', 'nowhere'], '[HOST:]PORT'],
    [['aws', '--http', '70000'], '[HOST:]PORT'],
    [['aws', '--set', 'region'], 'NAME=VALUE'],
  ])('%j are refused', (argv, words) => {
    expect(() => readArguments(argv)).toThrow(UsageError);
    expect(() => readArguments(argv)).toThrow(words);
  });
});

describe('systems', () => {
  it('hold every server once, those of AWS together', () => {
    const grouped = systems.flatMap((system) => system.servers.map(({ id }) => id));
    expect(grouped.toSorted()).toEqual(servers.map(({ id }) => id).toSorted());
    const aws = findSystem('aws').servers.map(({ id }) => id);
    expect(aws).toEqual(expect.arrayContaining(['aws-ecs', 'cloudwatch', 'aws-sqs']));
    for (const name of ['github', 'postgres', 'redis', 'http']) expect(findSystem(name).servers).toHaveLength(1);
  });

  it('are all in the help, with the variables that are read', () => {
    for (const { name } of systems) expect(usage()).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(usage()).toContain('DATABASE_URL');
    expect(() => findSystem('mainframe')).toThrow(/there is no system mainframe; there are aws, /);
  });
});

describe('the environment', () => {
  it("of AWS's users", () => {
    const env = {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_ENDPOINT_URL_ECS: 'http://ecs.example',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: 'http://logs.example',
      AWS_ENDPOINT_URL: '',
    };
    const { settings, credentials } = environmentOf('aws');
    const endpoints = { ecs: 'http://ecs.example', logs: 'http://logs.example' };
    expect(settings(env)).toEqual({ region: 'eu-west-1', endpoints, defaultCredentials: true });
    expect(credentials(env)).toEqual({ accessKeyId: 'a', secretAccessKey: 's' });
    expect(settings({ AWS_DEFAULT_REGION: 'us-east-1' })).toMatchObject({ region: 'us-east-1', endpoints: {} });
  });

  it("of GitHub's", () => {
    const { settings, credentials } = environmentOf('github');
    expect(settings({ GITHUB_HOST: 'ghe.example' })).toEqual({ baseUrl: 'https://ghe.example/api/v3' });
    expect(settings({ GITHUB_HOST: 'http://ghe.example:1' })).toEqual({ baseUrl: 'http://ghe.example:1/api/v3' });
    expect(settings({ GITHUB_API_URL: 'https://x/api', GITHUB_HOST: 'y' })).toEqual({ baseUrl: 'https://x/api' });
    expect(settings({})).toEqual({});
    expect(credentials({ GITHUB_PERSONAL_ACCESS_TOKEN: 'p' })).toEqual({ token: 'p' });
  });

  it("of PostgreSQL's and Redis's", () => {
    const postgres = environmentOf('postgres').credentials;
    expect(postgres({ PGHOST: 'db.example', PGUSER: 'u', PGPASSWORD: 'p' })).toEqual({
      url: 'postgresql://db.example:5432/u',
      username: 'u',
      password: 'p',
    });
    expect(postgres({ DATABASE_URL: 'postgresql://u:p@h/d', PGHOST: 'x' })).toEqual({ url: 'postgresql://u:p@h/d' });
    expect(postgres({ PGHOST: '/var/run/postgresql' })).toEqual({});
    const redis = environmentOf('redis').credentials;
    expect(redis({ REDIS_HOST: '::1', REDIS_SSL: 'true', REDIS_PWD: 'p' })).toEqual({
      url: 'rediss://[::1]:6379',
      password: 'p',
    });
  });

  it('of a system without variables is empty', () => {
    const { settings, credentials } = environmentOf('http');
    expect([settings({ PGHOST: 'x' }), credentials({ PGHOST: 'x' })]).toEqual([{}, {}]);
  });
});

describe('where a server goes', () => {
  it('is where its URLs say, and what the configuration allows; credentials are shown to the named alone', () => {
    const named = hostsIn([
      { region: 'eu', endpoint: 'http://127.0.0.1:1', endpoints: { ecs: 'https://Ecs.Example' } },
      { url: 'postgresql://u:p@[::1]:5432/d' },
    ]);
    expect(named).toEqual(['127.0.0.1', 'ecs.example', '::1']);
    expect(reachOf({ hosts: ['a.example'], cidrs: ['10.0.0.0/8'] }, [...named, 'localhost', '*.b.example'])).toEqual({
      allow: {
        hosts: ['a.example', 'ecs.example', '*.b.example'],
        cidrs: ['10.0.0.0/8', '127.0.0.1', '::1', '127.0.0.0/8', '::1/128'],
      },
      credentialHosts: [...named, 'localhost', '*.b.example'],
    });
  });
});
