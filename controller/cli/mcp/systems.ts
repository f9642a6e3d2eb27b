import type { EmbeddedServer } from '../../mcp/tool.ts';
import { servers } from '../../../skills/catalogue.ts';
import { UsageError } from '../usage-error.ts';

/** What `threehops mcp NAME` runs. */
export interface System {
  readonly name: string;
  readonly servers: readonly EmbeddedServer[];
}

/** AWS is one system to whoever has its credentials, though several servers share it. */
function systemOf({ id }: EmbeddedServer): string {
  return id === 'cloudwatch' || id.startsWith('aws-') ? 'aws' : id;
}

export const systems: readonly System[] = [...Map.groupBy(servers, systemOf)].map(([name, group]) => ({
  name,
  servers: group,
}));

/** @throws UsageError */
export function findSystem(name: string): System {
  const found = systems.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no system ${name}; there are ${systems.map((one) => one.name).join(', ')}`);
}
