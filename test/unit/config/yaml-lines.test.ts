import { expect, test } from 'vitest';
import { yamlLines, yamlPlaces } from '../../../controller/config/yaml-lines.ts';

test('every document has its own places, empty ones too', () => {
  const places = yamlPlaces('---\n---\na: 1\nb:\n  - c: 2\n  - {d: 3}\n--- {e: [4, 5]}\n');
  expect(places).toHaveLength(3);
  expect(places[0]?.('/a')).toBeUndefined();
  const [, block, flow] = places;
  expect(block?.('')).toEqual({ line: 3, column: 1 });
  expect(block?.('/b')).toEqual({ line: 4, column: 1 });
  expect(block?.('/b/0/c')).toEqual({ line: 5, column: 5 });
  expect(block?.('/b/1')).toEqual({ line: 6, column: 5 });
  expect(block?.('/b/1/d')).toEqual({ line: 6, column: 6 });
  expect(flow?.('/e/1')).toEqual({ line: 7, column: 13 });
});

test('a field that is missing is where the nearest one around it is', () => {
  const [placeOf] = yamlPlaces('a:\n  b: {c: 1}\n');
  expect(placeOf?.('/a/b/d/e')).toEqual({ line: 2, column: 3 });
  expect(placeOf?.('/x')).toEqual({ line: 1, column: 1 });
});

test('quoted and escaped keys, aliases, anchors and tags are found', () => {
  const [placeOf] = yamlPlaces(`"a/\\u0062": &x {c: 1}\n'd''e': *x\nlist:\n- *x\n- !!str 1\n`);
  expect(placeOf?.('/a~1b')).toEqual({ line: 1, column: 1 });
  expect(placeOf?.("/d'e")).toEqual({ line: 2, column: 1 });
  expect(placeOf?.('/list/0')).toEqual({ line: 4, column: 3 });
  expect(placeOf?.('/list/1')).toEqual({ line: 5, column: 9 });
});

test('JSON is YAML', () => {
  const [placeOf] = yamlPlaces('{\n  "a": [\n    {"b": 1}\n  ]\n}\n');
  expect(placeOf?.('/a/0/b')).toEqual({ line: 3, column: 6 });
  expect(yamlLines('{\n"a": 1}')('/a')).toBe(2);
});
