import type { JsonObject } from '../../../controller/api/json.ts';
import { targetOf } from './api.ts';
import { shortName } from './names.ts';

/** Two nodes with this are the same service, however their maps write its name. */
export function ecsIdentity(parameters: JsonObject): string | undefined {
  const { cluster, service } = targetOf(parameters);
  return cluster === '' || service === '' ? undefined : `ecs:${shortName(cluster)}/${shortName(service)}`;
}
