import type { Finding } from '../../../controller/evidence/finding.ts';
import { round } from '../statistics.ts';
import { type Window, within } from '../time.ts';
import type { SkillNode } from '../../skill.ts';
import { findingOf } from './finding.ts';
import type { SlowCommand } from './info.ts';
import { thresholdsOf } from './thresholds.ts';

const mostCommands = 5;

/** Commands of the window that held everybody else up: the server runs one at a time. */
export function slowFindings(node: SkillNode, commands: readonly SlowCommand[], window: Window): readonly Finding[] {
  const threshold = thresholdsOf(node.with).slowCommandMilliseconds;
  const slow = commands
    .filter(({ at, ms }) => within(at, window) && ms >= threshold)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const [first] = slow;
  if (first === undefined) return [];
  const longest = Math.max(...slow.map(({ ms }) => ms));
  const byCommand = [...Map.groupBy(slow, ({ command }) => command)]
    .map(([command, group]) => ({
      command,
      count: group.length,
      maxMs: round(Math.max(...group.map(({ ms }) => ms)), 1),
    }))
    .toSorted((a, b) => b.maxMs - a.maxMs || (a.command < b.command ? -1 : 1));
  return [
    findingOf(node.id, {
      reason: 'SlowCommands',
      severity: 'Warning',
      summary: `${slow.length} slow commands, the longest took ${round(longest, 0)} ms: ${byCommand[0]?.command ?? ''}`,
      since: first.at,
      value: round(longest, 1),
      threshold,
      unit: 'ms',
      source: 'threehops_slowlog',
      facts: { count: slow.length, commands: byCommand.slice(0, mostCommands) },
    }),
  ];
}
