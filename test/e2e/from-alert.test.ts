import { expect, it } from 'vitest';
import type { DebugSession } from '../../controller/api/kinds.ts';
import { faultNamed } from '../lab/faults/catalogue.ts';
import { trafficFails } from '../lab/faults/judge.ts';
import { runFault } from '../lab/host/run-fault.ts';
import { usualAlertedFault } from '../lab/start/arguments.ts';

/** Nobody asks: rules fire in a real Prometheus, a real Alertmanager tells the operator over TLS, and the operator does the rest. */

it('what users feel opens one session, which mends it and is told that it is over', async () => {
  let opened: DebugSession['spec'] | undefined;
  let broken = false;
  const result = await runFault(faultNamed(usualAlertedFault), {
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
  expect(result, `${result.seen}`).toMatchObject({ outcome: 'Fixed', causeIsTrue: true, healed: true });
  expect(result.alert, `${JSON.stringify(result.alert)}`).toMatchObject({ sessions: 1, resolved: true });
  // The front door's users feel it and so do those of what is behind it: two services' alerts, one trouble.
  const services = new Set(result.alert?.alerts.map(({ service }) => service));
  expect(services.size, `${JSON.stringify(result.alert)}`).toBeGreaterThan(1);
});
