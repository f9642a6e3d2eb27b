import type { Change } from '../../controller/evidence/finding.ts';
import { type Window, within } from '../lib/time.ts';
import type { QueueReading } from './queue.ts';

/** A queue is made and given its first settings in one go. */
const sameActMs = 2000;

/** Somebody has set attributes of the queue in the window. SQS tells when, and neither which nor who. */
export function queueChanges(node: string, name: string, reading: QueueReading, window: Window): readonly Change[] {
  const { createdAt, modifiedAt } = reading;
  if (createdAt === undefined || modifiedAt === undefined || !within(modifiedAt, window)) return [];
  if (modifiedAt.getTime() - createdAt.getTime() < sameActMs) return [];
  const at = modifiedAt.toISOString();
  return [
    {
      id: `${node}:configuration:${at}`,
      node,
      kind: 'Configuration',
      at,
      summary: `attributes of ${name} were set; its visibility timeout is ${reading.visibilityTimeoutSeconds} s now`,
      source: 'get_queue_attributes LastModifiedTimestamp',
      facts: { visibilityTimeoutSeconds: reading.visibilityTimeoutSeconds },
    },
  ];
}
