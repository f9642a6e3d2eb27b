import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { readArguments } from '../../../../controller/cli/patterns/arguments.ts';
import { listSessions, sessionsIn } from '../../../../controller/cli/patterns/read-sessions.ts';
import { UsageError } from '../../../../controller/cli/usage-error.ts';
import { KubeClient } from '../../../../controller/kube/client.ts';
import { FakeApiServer } from '../../../helpers/fake-api-server.ts';
import { ended } from './sessions.ts';

const signal = new AbortController().signal;

describe('sessions of a cluster', () => {
  let server: FakeApiServer;
  let client: KubeClient;
  beforeEach(async () => {
    server = await FakeApiServer.start();
    client = new KubeClient(server.kubeConfig());
  });
  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  const put = (namespace: string, count: number): void => {
    for (let index = 0; index < count; index += 1) {
      const session = ended(`s${index}`, 1, { phase: 'Failed' }, { namespace });
      server.store.create('apis/threehops.dev/v1alpha1/debugsessions', namespace, JSON.parse(JSON.stringify(session)));
    }
  };

  it('are read page by page, of one namespace or of all', async () => {
    put('team', 260);
    put('others', 3);
    expect(await listSessions(client, 'team', signal)).toHaveLength(260);
    expect(server.seen.map(({ query }) => query.get('limit'))).toEqual(['250', '250']);
    expect(await listSessions(client, 'others', signal)).toHaveLength(3);
    expect(await listSessions(client, undefined, signal)).toHaveLength(263);
    expect(new Set(server.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('that may not be read are an error', async () => {
    server.interfere = () => ({ status: 403, body: { kind: 'Status', reason: 'Forbidden', code: 403, message: 'no' } });
    await expect(listSessions(client, 'team', signal)).rejects.toThrow('no');
  });
});

describe('sessions of a file', () => {
  const session = ended('one', 1, { phase: 'Failed' });

  it('are a list or a single one, as kubectl prints them', () => {
    expect(sessionsIn(JSON.stringify({ kind: 'List', items: [session, session] }), 'f')).toHaveLength(2);
    expect(sessionsIn(JSON.stringify({ kind: 'List', items: [] }), 'f')).toEqual([]);
    expect(sessionsIn(JSON.stringify(session), 'f')).toEqual([session]);
  });

  test.each(['', 'kind: List', '[]', 'null', '{"items":[{"kind":"Pod","metadata":{"namespace":"a"}}]}'])(
    '%j are none',
    (json) => {
      expect(() => sessionsIn(json, 'f')).toThrow(UsageError);
    },
  );
});

describe('arguments', () => {
  it('say where to read, and how to show it', () => {
    expect(readArguments([])).toEqual({ kind: 'Show', allNamespaces: false, output: 'Table' });
    expect(readArguments(['-A', '--since', '30d', '-o', 'json', '--kubeconfig', 'k'])).toEqual({
      kind: 'Show',
      allNamespaces: true,
      output: 'Json',
      sinceSeconds: 2_592_000,
      kubeconfig: 'k',
    });
    expect(readArguments(['-', '-n', 'team'])).toMatchObject({ file: '-', namespace: 'team' });
    expect(readArguments(['-h'])).toEqual({ kind: 'Help' });
  });

  test.each([
    [['a', 'b'], 'one file'],
    [['--since', '30'], '12h or 30d'],
    [['-o', 'yaml'], 'json'],
    [['-A', '-n', 'x'], 'either'],
    [['--all'], "Unknown option '--all'"],
  ])('%j are refused', (argv, words) => {
    expect(() => readArguments(argv)).toThrow(UsageError);
    expect(() => readArguments(argv)).toThrow(words);
  });
});
