import type { JsonObject } from '../../../../controller/api/json.ts';
import type { Label, Repository } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { repositoryUrl } from './repository.ts';
import { nodeId } from './user.ts';

export function label(world: World, repository: Repository, { id, name, color, description }: Label): JsonObject {
  return {
    id,
    node_id: nodeId('Label', id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(name)}`,
    name,
    color,
    // GitHub's list of pull requests says that this is never null, unlike its list of labels.
    description: description ?? '',
    default: false,
  };
}
