import { onTestFinished, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../controller/config/load.ts';
import { systemClock } from '../../../controller/kube/clock.ts';
import { createDialers } from '../../../controller/mcp/dialers.ts';
import { SecretCredentials, type SecretObject } from '../../../controller/mcp/secrets.ts';
import { ModelRefused } from '../../../controller/reasoning/claude/model-errors.ts';
import type { Diagnosis } from '../../../controller/reasoning/reasoner.ts';
import { claudeFor } from '../../../controller/wiring/claude.ts';
import { skillGuides } from '../../../controller/wiring/skill-guides.ts';
import type { MessagesApi } from '../../helpers/messages-api/server.ts';
import { anything, untried } from '../reasoning/stub-skills.ts';
import { threeHops } from '../reasoning/systems.ts';
import { answering, api, apiKey, deskOf, model, right, scripted, signal } from '../reasoning/claude/bench.ts';

const ours: SecretObject = {
  metadata: {
    name: 'claude',
    namespace: 'threehops-system',
    labels: { 'threehops.dev/use': 'true' },
    annotations: { 'threehops.dev/allowed-hosts': '127.0.0.1' },
  },
  data: { apiKey: Buffer.from(`${apiKey}\n`).toString('base64') },
};

/** Diagnoses with the Secret as it is given; answers what was read too. */
function wired({ baseUrl }: Pick<MessagesApi, 'baseUrl'>, secret: SecretObject, cidrs = ['127.0.0.0/8']) {
  const read: string[] = [];
  const get = async (namespace: string, name: string) => {
    read.push(`${namespace}/${name}`);
    return secret;
  };
  const config = parseConfig(JSON.stringify({ claude: { secretRef: { name: 'claude' }, baseUrl, model } }));
  const dialers = createDialers({ allow: { hosts: [], cidrs }, clock: systemClock });
  onTestFinished(() => dialers.close());
  const claude = claudeFor({ config, clock: systemClock }, new SecretCredentials({ get }), dialers);
  const diagnose = async (): Promise<Diagnosis | undefined> => {
    const fixless = { limits: anything, memory: untried, bundle: threeHops().build('front') };
    return claude?.(deskOf({})).diagnose(fixless.bundle, fixless.memory, fixless.limits, signal);
  };
  return { diagnose, read };
}

/** Of the invented systems the operator's own catalogue knows neither causes nor actions. */
const rootCause = { node: 'shop/db', kind: 'store.Blocked', summary: 'A lock is held.', confidencePercent: 80 };
const answer = { ...right, rootCause, fix: null, predictions: [] };

describe('the model of the configuration', () => {
  it('is asked with the key of its Secret, which is read when it is first needed', async () => {
    const started = await api(() => answering(answer));
    const { diagnose, read } = wired(started, ours);
    expect(read).toEqual([]);
    expect(await diagnose()).toMatchObject({ engine: 'Claude', model, verdict: 'Cause' });
    await diagnose();
    expect(read).toEqual(['threehops-system/claude']);
  });

  it.each([
    ['has no label', { ...ours, metadata: { ...ours.metadata, labels: {} } }, 'SecretNotLabelled'],
    ['names no host', { ...ours, metadata: { ...ours.metadata, annotations: {} } }, 'SecretHostNotAllowed'],
    ['holds no key', { ...ours, data: {} }, 'SecretKeyMissing'],
    [
      'is for another host',
      { ...ours, metadata: { ...ours.metadata, annotations: { 'threehops.dev/allowed-hosts': 'api.example' } } },
      'HostRefusedError',
    ],
  ])('is not asked where the Secret %s', async (_, secret, cause) => {
    const started = await api(scripted());
    const given = wired(started, secret).diagnose();
    await expect(given).rejects.toThrow(ModelRefused);
    await expect(given).rejects.toMatchObject({ cause: { name: cause } });
    expect(started.times).toEqual([]);
  });

  it('is not reached where the operator may not go', async () => {
    const started = await api(scripted());
    await expect(wired(started, ours, []).diagnose()).rejects.toMatchObject({ cause: { reason: 'Loopback' } });
  });

  it('is none where none is configured', () => {
    const dialers = createDialers({ allow: { hosts: [], cidrs: [] }, clock: systemClock });
    const secrets = new SecretCredentials({ get: () => Promise.reject(new Error('it was read')) });
    expect(claudeFor({ config: parseConfig('{}'), clock: systemClock }, secrets, dialers)).toBeUndefined();
  });
});

it("skills' guides are those of their pages", () => {
  const guides = skillGuides();
  expect(guides.get('postgres')).toMatch(/^- In a \*\*blocking chain\*\*/);
  for (const guide of guides.values()) expect(guide).not.toContain('## ');
});
