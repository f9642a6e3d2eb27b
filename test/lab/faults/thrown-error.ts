import { badRelease } from './bad-release.ts';
import { edited, mainFile } from './edit.ts';
import type { Fault } from './fault.ts';
import { trafficFails, usersAreServed } from './judge.ts';

/** Tasks run and answer their health check; what users ask for throws. Only the log says where. */
export const fault: Fault = {
  name: 'thrown-error',
  description: 'A release throws on checkouts that have no coupon; all tasks and health checks are well',
  session: { service: 'gateway', symptom: 'Checkouts are answered with 500 since the release' },
  expected: badRelease('gateway', { fixes: ['github.revert-commit', 'aws-ecs.roll-back'] }),
  async inject(lab) {
    const path = mainFile(lab);
    const source = await edited(lab, 'gateway', path, [
      [
        "'POST /checkout': async ({ body }) => ({",
        "'POST /checkout': async ({ body }) => ({\n    discount: body.coupon.value,",
      ],
    ]);
    await lab.commit('gateway', { message: 'Tell customers what their coupon was worth', files: { [path]: source } });
    await lab.until('users to see it', () => trafficFails(lab, 0.5));
  },
  healed: (lab) => usersAreServed(lab),
};
