import type { DebugSession, ServiceTopology } from '../api/kinds.ts';
import { letsAct } from '../topology/references.ts';
import type { Dependencies } from './dependencies.ts';
import type { IntentSpec } from './intents.ts';
import { drop, waitFor, type Refusal } from './refusal.ts';

/**
 * Why an outside write may not be made under its map, as the map and the operator's configuration are at this moment. Every write is held
 * against it: planning looked at the same once, but a decision may take days, and what it looked at need not be what is there now.
 */
export function forbidden(
  { metadata }: DebugSession,
  deps: Pick<Dependencies, 'topologies' | 'allowance'>,
  spec: Pick<IntentSpec, 'under' | 'repository' | 'kind' | 'action'>,
): Refusal | undefined {
  const [namespace = '', name = ''] = spec.under.split('/');
  const topology = deps.topologies.get(namespace, name);
  if (topology === undefined) return waitFor(`there is no map ${spec.under}`);
  const reason = deps.allowance.barred(topology, spec.repository) ?? mapsOwn(topology, metadata.namespace, spec);
  return reason === undefined ? undefined : drop(reason);
}

function mapsOwn(
  topology: ServiceTopology,
  namespace: string,
  { under, kind, action }: Pick<IntentSpec, 'under' | 'kind' | 'action'>,
): string | undefined {
  // What we did is taken back whether or not the map would let it be done again.
  if (kind === 'Rollback') return undefined;
  if (!letsAct(topology, namespace)) return `map ${under} lets no session of namespace ${namespace} act`;
  const named = kind !== 'Act' || action === undefined || topology.spec.policy?.actions?.includes(action) === true;
  return named ? undefined : `map ${under} does not name ${action} among its policy.actions`;
}
