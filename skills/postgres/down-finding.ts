import type { Finding } from '../../controller/evidence/finding.ts';
import type { ToolFailed } from '../../controller/mcp/errors.ts';
import type { SkillNode } from '../skill.ts';
import { findingOf } from './finding.ts';

/** Nobody listens, or the server says that it is shutting down or starting. A host that does not answer at all is not told: it may be our own network. */
export function unreachableFinding(node: SkillNode, error: ToolFailed, now: Date): Finding {
  return findingOf(node.id, {
    reason: 'Unreachable',
    subject: 'server',
    severity: 'Critical',
    summary: `the server takes no connection (${error.code}): ${error.reason}`,
    since: now.toISOString(),
    value: 0,
    threshold: 1,
    unit: 'servers answering',
    view: '(connection refused)',
    facts: { code: error.code },
  });
}
