import { expect, it } from 'vitest';
import { newNamesFor, rename, textsIn } from '../../helpers/renaming.ts';
import { seeded } from '../../helpers/random.ts';
import { decoyNames } from '../../lab/world/decoys.ts';
import { otherNames } from '../../lab/world/names.ts';

const all = [...textsIn(otherNames), ...decoyNames];

it('a name is renamed where it stands by itself, and nowhere else', () => {
  const names = new Map([
    ['orders', 'mikado'],
    ['order_lines', 'pebble_rows'],
    ['repo', 'vault'],
    ['boot.js', 'nudge.js'],
  ]);
  const given = {
    kind: 'orders.Missing',
    orders: 'orders/repo:github.RecentCommits:main',
    texts: ['/ecs/orders', 'orders_next', 'preorders', 'orders2', 'repository', 'order_lines_pkey', 'src/boot.js:12'],
    count: 3,
  };
  expect(rename(given, names)).toEqual({
    kind: 'orders.Missing',
    orders: 'mikado/vault:github.RecentCommits:main',
    texts: ['/ecs/mikado', 'mikado_next', 'preorders', 'orders2', 'repository', 'pebble_rows_pkey', 'src/nudge.js:12'],
    count: 3,
  });
});

it('new names are all others, tell things apart as well, and lead back', () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const names = newNamesFor(all, '', seeded(seed));
    const chosen = [...names.values()];
    expect(new Set(chosen).size).toBe(new Set(all).size);
    expect(chosen.filter((name) => chosen.some((other) => other !== name && name.includes(other)))).toEqual([]);
    const back = new Map([...names].map(([name, other]) => [other, name]));
    expect(rename(rename(otherNames, names), back)).toEqual(otherNames);
    expect(textsIn(rename(otherNames, names)).filter((name) => all.includes(name))).toEqual([]);
  }
});

it('a new name keeps what means something, and is not taken', () => {
  const one = newNamesFor(['tuning.json', 'order_lines', 'ledger-sync', 'kv'], '', seeded(7));
  expect(one.get('tuning.json')).toMatch(/^[a-z]{6,}\.json$/);
  expect(one.get('order_lines')).toMatch(/^[a-z]{6,}_[a-z]{6,}$/);
  expect(one.get('ledger-sync')).toMatch(/^[a-z]{6,}-[a-z]{6,}$/);
  const [first = ''] = newNamesFor(['kv'], '', seeded(7)).values();
  expect(newNamesFor(['kv'], `a text with ${first} in it`, seeded(7)).get('kv')).not.toBe(first);
  expect(newNamesFor(['kv'], '', seeded(8)).get('kv')).not.toBe(newNamesFor(['kv'], '', seeded(9)).get('kv'));
});
