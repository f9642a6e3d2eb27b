import type { DeploymentConfiguration, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { ServiceSettings } from '../model/records.ts';
import { invalid } from '../protocol/ecs-error.ts';

const kept = [
  'availabilityZoneRebalancing',
  'capacityProviderStrategy',
  'deploymentController',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'healthCheckGracePeriodSeconds',
  'launchType',
  'loadBalancers',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'propagateTags',
  'schedulingStrategy',
  'serviceRegistries',
] as const satisfies (keyof ServiceSettings)[];

/** The members of a request that are only kept and shown. */
export function settingsIn(request: UpdateServiceRequest | object): ServiceSettings {
  const given = Object.entries(request).filter(
    ([name, value]) => value !== undefined && value !== null && kept.some((member) => member === name),
  );
  return Object.fromEntries(given);
}

export const defaultSettings: ServiceSettings = {
  deploymentController: { type: 'ECS' },
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  launchType: 'EC2',
  loadBalancers: [],
  placementConstraints: [],
  placementStrategy: [],
  propagateTags: 'NONE',
  schedulingStrategy: 'REPLICA',
  serviceRegistries: [],
};

const defaults: DeploymentConfiguration = {
  deploymentCircuitBreaker: { enable: false, rollback: false },
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
  bakeTimeInMinutes: 0,
};

/** The given members over the service's own, which begin as ECS's defaults; throws InvalidParameterException. */
export function mergeConfiguration(
  given: DeploymentConfiguration | undefined,
  current: DeploymentConfiguration = defaults,
): DeploymentConfiguration {
  const merged = { ...current, ...given };
  const { maximumPercent = 200, minimumHealthyPercent = 100, strategy = 'ROLLING' } = merged;
  if (strategy !== 'ROLLING') throw invalid('Only the ROLLING deployment strategy is supported here.');
  if (maximumPercent < 100 || minimumHealthyPercent < 0 || minimumHealthyPercent > 100) {
    throw invalid('maximumPercent must be at least 100 and minimumHealthyPercent between 0 and 100.');
  }
  if (maximumPercent <= minimumHealthyPercent) {
    throw invalid('Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.');
  }
  return merged;
}
