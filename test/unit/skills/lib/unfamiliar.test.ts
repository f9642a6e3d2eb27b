import { expect, it } from 'vitest';
import { unfamiliar } from '../../../../skills/lib/unfamiliar.ts';

const ran = [
  { image: 'registry:5000/acme/shop:1', environment: { HOST: 'db' } },
  { image: 'acme/shop@sha256:ab', environment: { HOST: 'old-db' } },
];
const strange = 'the image is of a repository from which none has run here';

it.each([
  ['registry:5000/acme/shop', []],
  ['registry:5000/acme/shop:2@sha256:cd', []],
  ['acme/shop:3', []],
  ['registry:5001/acme/shop:1', [strange]],
  ['acme/shop-admin:1', [strange]],
  ['attacker.example/acme/shop:1', [strange]],
])('the image %s', (image, found) => {
  expect(unfamiliar({ image, environment: [] }, ran)).toEqual(found);
});

it.each(['5', '-1.5', '30s', '512MB', 'true', 'OFF', ''])('the value %s needs nobody', (value) => {
  expect(unfamiliar({ environment: [{ name: 'LIMIT', value }] }, ran)).toEqual([]);
});

it.each(['db', 'old-db'])('the value %s, which was here, needs nobody', (value) => {
  expect(unfamiliar({ environment: [{ name: 'HOST', value }] }, ran)).toEqual([]);
});

it.each([
  ['LIMIT', '3405803783'],
  ['DB_HOST', '1.2'],
  ['API_URL', '5'],
])('a number that can be an address is one that a person looks at: %s=%s', (name, value) => {
  expect(unfamiliar({ environment: [{ name, value }] }, ran)).toEqual([`${name} has never had this value here`]);
});

it.each(['db.attacker.example', 'http://attacker.example', '--require /tmp/x', '/tmp/x.so', 'a b'])(
  'the value %s is one that a person looks at',
  (value) => {
    const environment = [{ name: 'HOST', value }];
    expect(unfamiliar({ environment }, ran)).toEqual(['HOST has never had this value here']);
  },
);

it('what is unset or restored is no new value, and one that another variable had is', () => {
  const environment = [{ name: 'HOST', value: null }, { name: 'HOST' }];
  expect(unfamiliar({ environment }, ran)).toEqual([]);
  expect(unfamiliar({ environment: [{ name: 'PROXY', value: 'db' }] }, ran)).toHaveLength(1);
});
