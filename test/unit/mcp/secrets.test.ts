import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../controller/kube/clock.ts';
import { Coalescer } from '../../../controller/mcp/coalesce.ts';
import { SecretError } from '../../../controller/mcp/secret-errors.ts';
import { readCredentials, SecretCredentials, type SecretObject } from '../../../controller/mcp/secrets.ts';

const signal = new AbortController().signal;
const reference = { namespace: 'payments', name: 'db', field: 'spec.credentials[0].secretRef' };
const data = { user: Buffer.from('app').toString('base64'), password: Buffer.from('hunter2').toString('base64') };

const secret = (metadata: Partial<SecretObject['metadata']> = {}): SecretObject => ({
  metadata: {
    name: 'db',
    namespace: 'payments',
    labels: { 'threehops.dev/use': 'true' },
    annotations: { 'threehops.dev/allowed-hosts': ' db.example, *.cache.example ,' },
    ...metadata,
  },
  data,
});

async function read(answer: SecretObject | undefined | Error) {
  const asked: string[] = [];
  const reader = {
    get: async (namespace: string, name: string) => {
      asked.push(`${namespace}/${name}`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return { result: await readCredentials(reader, reference, signal).catch((error: unknown) => error), asked };
}

describe('credentials of a Secret', () => {
  it('are its data, and the hosts that may see them', async () => {
    const { result, asked } = await read(secret());
    expect(result).toMatchObject({
      data: { user: 'app', password: 'hunter2' },
      allowedHosts: ['db.example', '*.cache.example'],
    });
    expect(asked).toEqual(['payments/db']);
  });

  it('have a digest that changes with the data and the hosts, and shows neither', async () => {
    const digest = async (one: SecretObject) => ((await read(one)).result as { digest: string }).digest;
    const first = await digest(secret());
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(secret())).toBe(first);
    expect(await digest({ ...secret(), data: { user: 'eA==' } })).not.toBe(first);
    const elsewhere = secret({ annotations: { 'threehops.dev/allowed-hosts': 'other.example' } });
    expect(await digest(elsewhere)).not.toBe(first);
  });

  it.each([
    ['SecretMissing', undefined, 'spec.credentials[0].secretRef', 'is not there'],
    ['SecretMissing', secret({ namespace: 'other' }), 'spec.credentials[0].secretRef', 'is not there'],
    [
      'SecretNotLabelled',
      secret({ labels: {} }),
      'metadata.labels["threehops.dev/use"]',
      'has no label threehops.dev/use=true',
    ],
    [
      'SecretNotLabelled',
      secret({ labels: { 'threehops.dev/use': 'yes' } }),
      'metadata.labels["threehops.dev/use"]',
      'has no label threehops.dev/use=true',
    ],
    [
      'SecretHostNotAllowed',
      secret({ annotations: {} }),
      'metadata.annotations["threehops.dev/allowed-hosts"]',
      'names no host in its annotation threehops.dev/allowed-hosts',
    ],
    [
      'SecretHostNotAllowed',
      secret({ annotations: { 'threehops.dev/allowed-hosts': ' , ' } }),
      'metadata.annotations["threehops.dev/allowed-hosts"]',
      'names no host in its annotation threehops.dev/allowed-hosts',
    ],
    ['SecretUnreadable', new Error('forbidden'), 'spec.credentials[0].secretRef', 'cannot be read'],
  ])('%s', async (name, answer, field, problem) => {
    const { result } = await read(answer);
    expect(result).toBeInstanceOf(SecretError);
    expect(result).toMatchObject({
      name,
      object: 'Secret payments/db',
      field,
      message: `spec.credentials[0].secretRef: Secret payments/db ${problem}`,
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  it('are not read for one who has given up', async () => {
    const gone = AbortSignal.abort(new Error('enough'));
    const reader = { get: () => Promise.reject(new Error('network')) };
    await expect(readCredentials(reader, reference, gone)).rejects.toThrow('enough');
  });

  it('are read once for many, and again when they are old', async () => {
    const time = { ms: 0 };
    const clock = { ...systemClock, monotonicMs: () => time.ms };
    let reads = 0;
    const reader = { get: async () => (reads++, secret()) };
    const credentials = new SecretCredentials(reader, new Coalescer({ clock, maxAgeMs: 5_000 }));
    await Promise.all([1, 2, 3].map(() => credentials.read('payments', 'db', signal)));
    expect(reads).toBe(1);
    time.ms = 5_001;
    await credentials.read('payments', 'db', signal);
    expect(reads).toBe(2);
    await new SecretCredentials(reader).read('payments', 'db', signal);
    await new SecretCredentials(reader).read('payments', 'db', signal);
    expect(reads).toBe(4);
  });
});
