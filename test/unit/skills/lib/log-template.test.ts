import { describe, expect, it } from 'vitest';
import { templateOf } from '../../../../skills/lib/log-template.ts';

describe('the template of a log message', () => {
  it.each([
    ['no answer from 127.0.0.1:4242', 'no answer from <address>'],
    ['order 6f9619ff-8b86-d011-b42d-00cf4fc964ff failed', 'order <uuid> failed'],
    ['timeout after 1500ms (attempt 3 of 5)', 'timeout after <duration> (attempt <number> of <number>)'],
    ['took 2.5 s', 'took <duration>'],
    ['commit 9f8e7d6c5b4a is gone', 'commit <hex> is gone'],
    ['relation "payments_2024" does not exist', 'relation <text> does not exist'],
    ['2026-11-21T07:20:00.123Z boot', '<time> boot'],
    ['mail to jo@example.com bounced', 'mail to <email> bounced'],
    ['freed 12.5 MB of 64 MiB', 'freed <number> of <number>'],
    ['task a1b2c3d4e5f6g7h8 lost', 'task <id> lost'],
    ['settlement backlog is 1042, over 500', 'settlement backlog is <number>, over <number>'],
    ['first line\n    at second line', 'first line'],
  ])('of %j is %j', (message, template) => {
    expect(templateOf(message)).toBe(template);
  });

  it('keeps words apart that only look alike', () => {
    expect(templateOf('cannot connect to database')).not.toBe(templateOf('cannot connect to cache'));
  });
});
