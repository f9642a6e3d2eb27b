import { describe, expect, test } from 'vitest';
import { BadWebhook, readWebhook } from '../../../controller/alerts/webhook.ts';
import { sentAlert, sentWebhook } from '../../helpers/webhook.ts';

const alert = sentAlert({ alertname: 'HighErrors', service: 'shop' });
const resolved = sentAlert({ alertname: 'HighErrors', service: 'pay' }, { status: 'resolved' });
const body = sentWebhook([alert, resolved]);
const read = (value: unknown) => readWebhook(JSON.stringify(value));

describe('a webhook of version 4', () => {
  test('is read, its times in UTC', () => {
    const offset = { ...alert, startsAt: '2026-01-02T04:04:05+01:00' };
    expect(read({ ...body, truncatedAlerts: 3, alerts: [offset, resolved] })).toEqual({
      groupKey: '{}:{alertname="HighErrors"}',
      truncated: 3,
      alerts: [
        {
          status: 'firing',
          labels: alert.labels,
          annotations: alert.annotations,
          generatorURL: alert.generatorURL,
          fingerprint: alert.fingerprint,
          startsAt: '2026-01-02T03:04:05.000Z',
        },
        expect.objectContaining({ status: 'resolved', endsAt: '2026-01-02T03:14:05.500Z' }),
      ],
    });
  });

  test('may lack what is not needed, and have what nobody knows', () => {
    const { annotations: _, generatorURL: __, endsAt: ___, ...rest } = alert;
    const [one] = read({ version: '4', groupKey: 'g', alerts: [{ ...rest, silenced: true }], tomorrow: 1 }).alerts;
    expect(one).toMatchObject({ annotations: {}, generatorURL: '' });
  });

  test.each([
    ['no JSON', '{', 'no JSON'],
    ['an array', '[]', 'object'],
    ['null', 'null', 'object'],
    ['version 3', JSON.stringify({ ...body, version: '3' }), '/version'],
    ['a version that is a number', JSON.stringify({ ...body, version: 4 }), '/version'],
    ['no group key', JSON.stringify({ ...body, groupKey: undefined }), 'groupKey'],
    ['alerts that are no list', JSON.stringify({ ...body, alerts: {} }), '/alerts'],
    ['an alert that is nothing', JSON.stringify({ ...body, alerts: [null] }), '/alerts/0'],
    ['labels that are numbers', JSON.stringify({ ...body, alerts: [{ ...alert, labels: { a: 1 } }] }), '/labels/a'],
    ['another status', JSON.stringify({ ...body, alerts: [{ ...alert, status: 'pending' }] }), '/status'],
    ['a time that is none', JSON.stringify({ ...body, alerts: [{ ...alert, startsAt: 'now' }] }), '/startsAt'],
    [
      'a day that is none',
      JSON.stringify({ ...body, alerts: [{ ...alert, startsAt: '2026-13-40T00:00:00Z' }] }),
      '/startsAt',
    ],
    ['no fingerprint', JSON.stringify({ ...body, alerts: [{ ...alert, fingerprint: undefined }] }), 'fingerprint'],
    [
      'a fingerprint for a path',
      JSON.stringify({ ...body, alerts: [{ ...alert, fingerprint: '../x' }] }),
      '/fingerprint',
    ],
  ])('is not %s', (_, text, said) => {
    expect(() => readWebhook(text)).toThrow(BadWebhook);
    expect(() => readWebhook(text)).toThrow(said);
  });

  test('says nothing of what was sent when it is refused', () => {
    const secret = ['hunter', '2'].join('');
    const wrong = { ...body, alerts: [{ ...alert, labels: { password: secret }, status: secret }] };
    expect(() => read(wrong)).toThrow(/^(?!.*hunter)/);
  });
});
