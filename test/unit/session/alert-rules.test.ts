import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { rulesOf, usualRules } from '../../../controller/session/alerts/rules.ts';
import { mapNamed } from '../../helpers/maps.ts';

/** A part of a schema, by its fields. */
function field(schema: unknown, ...path: readonly string[]): unknown {
  return path.reduce((part: unknown, name) => (part as Record<string, unknown> | undefined)?.[name], schema);
}

test('where a map says nothing of alerts, what holds is what the API server fills in where it does', () => {
  const file = new URL('../../../crds/threehops.dev_servicetopologies.yaml', import.meta.url);
  const versions = field(load(readFileSync(file, 'utf8')), 'spec', 'versions') as readonly unknown[];
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) {
    const spec = field(version, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties');
    const alerts = field(spec, 'alerts', 'properties');
    const filledIn = Object.keys(usualRules).map((name) => [name, field(alerts, name, 'default')]);
    expect(Object.fromEntries(filledIn)).toEqual(usualRules);
  }
});

test('a map’s own rules come first', () => {
  const own = { windowSeconds: 0, decaySeconds: 5 };
  expect(rulesOf(mapNamed('shop', { alerts: own }))).toMatchObject(own);
  const { alerts, ...silent } = mapNamed('shop').spec;
  expect(alerts).toBeDefined();
  expect(rulesOf({ ...mapNamed('shop'), spec: silent })).toEqual(usualRules);
  expect(rulesOf(undefined)).toEqual(usualRules);
});
