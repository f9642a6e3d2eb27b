import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestLab, type TestLab } from './fixtures/lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab({ timing: { frontTimeoutMs: 300 } });
});
afterAll(() => lab.close());

describe('a service’s front', () => {
  it('has its address before the service exists, answers 503, and keeps the address', async () => {
    const before = await lab.ecs.frontUrl('lab', 'web');
    expect((await fetch(before)).status).toBe(503);
    await lab.create('web', await lab.register('web'), { desiredCount: 2 });
    await lab.rollout('web', 'COMPLETED');
    expect(await lab.ecs.frontUrl('lab', 'web')).toBe(before);
    expect((await fetch(before)).status).toBe(200);
  });

  it('goes round all ready tasks', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, async () => (await lab.get('web', '/')).json()));
    const pids = answers.map((answer) => (answer as { pid: number }).pid);
    const counts = Map.groupBy(pids, (pid) => pid);
    expect([...counts.values()].map((own) => own.length)).toEqual([3, 3]);
  });

  it('answers 502 when the task breaks the connection and 504 when it is silent', async () => {
    expect((await lab.get('web', '/break')).status).toBe(502);
    expect((await lab.get('web', '/hang')).status).toBe(504);
  });

  it('sends nothing to a task that does not listen yet', async () => {
    await lab.create('deaf', await lab.register('deaf', { environment: [{ name: 'DEAF', value: '1' }] }));
    await expect.poll(async () => (await lab.tasks('deaf'))[0]?.lastStatus, { timeout: 5000 }).toBe('RUNNING');
    expect((await lab.get('deaf', '/')).status).toBe(503);
    expect(await lab.primary('deaf')).toMatchObject({ rolloutState: 'IN_PROGRESS', runningCount: 1 });
  });
});
