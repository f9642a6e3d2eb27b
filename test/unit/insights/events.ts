import type { LogEvent } from '../../lab/insights/records.ts';

const begin = Date.parse('2026-03-01T10:00:00Z');

function event(seconds: number, stream: string, message: object | string): LogEvent {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  const timestamp = begin + seconds * 1000;
  const id = `${stream}-${seconds}`;
  return {
    log: '123456789012:/ecs/web',
    logStream: stream,
    timestamp,
    ingestionTime: timestamp + 50,
    message: text,
    id,
  };
}

/** Two streams over two minutes: JSON lines of requests, and two lines of plain text. */
export const events: readonly LogEvent[] = [
  event(5, 'web/1', { level: 'info', status: 200, ms: 10, user: { id: 'u1' }, tags: ['a', 'b'] }),
  event(20, 'web/1', { level: 'info', status: 200, ms: 60 }),
  event(40, 'web/1', { level: 'error', status: 500, ms: 250, user: { id: 'u2' }, retried: true }),
  event(65, 'web/1', { level: 'warn', status: 404, ms: 30, retried: false }),
  event(70, 'web/1', 'OOM: worker 7 out of memory after 512 MiB'),
  event(121, 'web/2', { level: 'info', ms: 150, status: 204, note: null }),
  event(125, 'web/2', 'GET a/b took 12 ms'),
  event(130, 'web/2', { level: 'error', status: 503, ms: 400 }),
];
