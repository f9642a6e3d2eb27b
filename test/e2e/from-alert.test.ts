import { expect, it } from 'vitest';
import type { DebugSession } from '../../controller/api/kinds.ts';
import { trafficFails } from '../lab/faults/judge.ts';
import { fault } from '../lab/faults/three-hops.ts';
import { runFault } from '../lab/host/run-fault.ts';

/** Nobody asks: rules fire in a real Prometheus, a real Alertmanager tells the operator over TLS, and the operator does the rest. */

it('what users feel opens one session, which mends it and is told that it is over', async () => {
  let opened: DebugSession['spec'] | undefined;
  let broken = false;
  const result = await runFault(fault, {
    fromAlert: true,
    judgeAfterSeconds: 2,
    signal: AbortSignal.timeout(270_000),
    tell: (event) => void (event.kind === 'Session' && (opened ??= event.session.spec)),
    beforehand: async ({ lab }) => void (broken = await trafficFails(lab, 0.25, 1000)),
  });
  expect(broken).toBe(true);
  const reportedBy = 'system:serviceaccount:shop:alertmanager';
  const createdBy = 'system:serviceaccount:threehops-system:threehops';
  expect(opened).toMatchObject({ trigger: { type: 'Alert', reportedBy }, createdBy, mode: 'Fix' });
  const told = result.history.map(({ diagnosis, action, result: said }) => `${diagnosis} | ${action} | ${said}`);
  expect(result, `${[...told, result.seen].join('\n')}`).toMatchObject({
    outcome: 'Fixed',
    causeIsTrue: true,
    healed: true,
  });
  expect(result.alert, `${JSON.stringify(result.alert)}`).toMatchObject({ sessions: 1, resolved: true });
  // The front door's users feel it and so do those of what is behind it: alerts of several services, one trouble.
  const services = new Set(result.alert?.alerts.map(({ service }) => service));
  expect(services.size, `${JSON.stringify(result.alert)}`).toBeGreaterThan(1);
});
