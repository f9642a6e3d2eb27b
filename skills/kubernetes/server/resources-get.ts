import type { JsonObject } from '../../../controller/api/json.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { objectOf, textOf } from '../../lib/reading.ts';
import type { KubernetesBackend } from './backend.ts';
import { kindArguments, nameArgument, pathOf } from './kinds.ts';

/** Contract of kubernetes-mcp-server's tool of this name; that one answers the object as YAML, and newer ones as an object too. */
export const resourcesGet: ToolDefinition<KubernetesBackend> = {
  name: 'resources_get',
  description: 'Reads one Kubernetes object.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'namespace', 'name'],
    properties: { ...kindArguments, name: nameArgument },
  },
  output: { type: ['object', 'string'] },
  async handle(args, { backend, signal }) {
    const [apiVersion, kind, namespace, name] = ['apiVersion', 'kind', 'namespace', 'name'].map(
      (key) => textOf(args[key]) ?? '',
    ) as [string, string, string, string];
    const path = pathOf(apiVersion, kind, namespace, name);
    return withoutManagedFields(objectOf(await backend.call(textOf(args['context']), { path, signal })));
  },
};

export function withoutManagedFields(object: JsonObject): JsonObject {
  const { managedFields: _dropped, ...metadata } = objectOf(object['metadata']);
  return { ...object, metadata };
}
