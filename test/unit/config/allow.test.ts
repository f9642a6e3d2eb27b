import { describe, expect, it } from 'vitest';
import {
  allowsAccount,
  allowsActing,
  allowsBranch,
  allowsCluster,
  allowsNamespace,
  allowsRepository,
} from '../../../controller/config/allow.ts';
import { defaultConfig } from '../../../controller/config/load.ts';

const none = defaultConfig.allow;

describe('what is allowed', () => {
  it.each([
    ['threehops/fix-1234abcd', true],
    ['threehops/', false],
    ['threehops/a/b', false],
    ['threehops/a..b', false],
    ['threehops/x.lock', false],
    ['threehops/-x', false],
    ['threehops/x\n', false],
    ['threehops/+x:main', false],
    ['refs/heads/threehops/x', false],
    ['main', false],
  ])('branch %j: %s', (branch, allowed) => {
    expect(allowsBranch(branch)).toBe(allowed);
  });

  it('is nothing where nothing is listed', () => {
    expect(allowsActing(none)).toBe(false);
    expect(allowsAccount(none, '123456789012')).toBe(false);
    expect(allowsCluster(none, 'staging')).toBe(false);
    expect(allowsRepository(none, 'acme/x')).toBe(false);
    expect(allowsNamespace(none, 'payments')).toBe(false);
    expect(allowsActing({ ...none, namespaces: ['payments'] })).toBe(true);
  });

  it('takes a cluster by its name or its ARN', () => {
    const arn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/staging';
    expect(allowsCluster({ ...none, clusters: ['staging'] }, 'staging')).toBe(true);
    expect(allowsCluster({ ...none, clusters: ['staging'] }, arn)).toBe(true);
    expect(allowsCluster({ ...none, clusters: ['staging'] }, `${arn}-2`)).toBe(false);
    expect(allowsCluster({ ...none, clusters: [arn] }, arn)).toBe(true);
    expect(allowsCluster({ ...none, clusters: [arn] }, 'staging')).toBe(false);
    expect(allowsCluster({ ...none, clusters: ['arn:aws:ecs:*:123456789012:cluster/*'] }, arn)).toBe(true);
  });

  it('takes repositories and namespaces by glob', () => {
    expect(allowsRepository({ ...none, repositories: ['acme/*'] }, 'acme/payments-api')).toBe(true);
    expect(allowsNamespace({ ...none, namespaces: ['team-*'] }, 'team-a')).toBe(true);
    expect(allowsNamespace({ ...none, namespaces: ['team-*'] }, 'a-team-b')).toBe(false);
  });
});
