import { describe, expect, test } from 'vitest';
import { mapLines, type NodeHealth } from '../../lab/start/health-map.ts';
import { cut, plainInk, widthOf, wrap } from '../../lab/start/ink.ts';
import { tableLines } from '../../lab/start/table.ts';

describe('what is shown fits its width', () => {
  const text =
    'container app of payments-api:1 was killed for using more memory than its limit, a-word-that-has-no-end-in-sight';

  test.each([20, 37, 80, 160])('a text broken at %i columns loses nothing', (width) => {
    const lines = wrap(text, width);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    expect(lines.join(' ').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
  });

  test('a word that fits into a line is not broken', () => {
    expect(wrap('limit 128 MiB, OutOfMemoryError: killed', 30)).toEqual(['limit 128 MiB,', 'OutOfMemoryError: killed']);
  });

  test('what is cut says so', () => {
    expect(cut('payments', 5)).toBe('paym…');
    expect(cut('payments', 8)).toBe('payments');
  });

  test.each([80, 160])('a table at %i columns', (width) => {
    const columns = [
      { title: '#', share: 0 },
      { title: 'Diagnosis', share: 3 },
      { title: 'Result', share: 2 },
    ];
    const lines = tableLines(columns, [['1', text, `fail - ${text}`]], width, plainInk);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^# {2}Diagnosis +Result$/);
  });
});

describe('the map', () => {
  const nodes = new Map<string, NodeHealth>([
    ['api-gateway/ecs', 'Healthy'],
    ['payments-api/ecs', 'Failing'],
    ['api-gateway/logs', 'Degraded'],
    ['payments-api/redis', 'Unknown'],
  ]);

  test('has a line a service, each node with a mark that can be told without colours', () => {
    expect(mapLines(nodes, 80, plainInk)).toEqual(['api-gateway   ● ecs  ▲ logs', 'payments-api  ✖ ecs  ? redis']);
  });

  test('breaks where it must, under its service', () => {
    const lines = mapLines(nodes, 24, plainInk);
    expect(lines.slice(0, 2)).toEqual(['api-gateway   ● ecs', '              ▲ logs']);
  });
});
