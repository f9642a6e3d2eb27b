import { expect, test } from 'vitest';
import { defaultConfig } from '../../../controller/config/load.ts';
import { serverSettings } from '../../../controller/config/server-settings.ts';
import { servers } from '../../../skills/catalogue.ts';

const aws = servers.filter(({ id }) => id.startsWith('aws-')).map(({ id }) => id);
const wide = {
  allowedAccounts: ['111111111111'],
  allowedClusters: ['*'],
  allowedRepositories: ['*/*'],
  allowedWorkflows: ['*/*/*'],
  region: 'r',
};
const settings = Object.fromEntries([...aws, 'github'].map((id) => [id, wide]));

test.each(aws)('%s writes in the accounts and clusters of `allow`, whatever its own settings say', (id) => {
  const allow = { ...defaultConfig.allow, awsAccounts: ['222222222222'], clusters: ['staging'] };
  const limited = serverSettings({ ...defaultConfig, allow, servers: settings })[id];
  expect(limited).toMatchObject({ allowedAccounts: ['222222222222'], allowedClusters: ['staging'], region: 'r' });
  const none = serverSettings({ ...defaultConfig, servers: settings })[id];
  expect(none).toMatchObject({ allowedAccounts: [], allowedClusters: [] });
});

test('github writes in the repositories and starts the workflows of `allow`', () => {
  expect(serverSettings({ ...defaultConfig, servers: settings })['github']).toMatchObject({
    allowedRepositories: [],
    allowedWorkflows: [],
  });
});
