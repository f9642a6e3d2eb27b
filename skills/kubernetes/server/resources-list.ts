import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { listOf, objectOf, textOf } from '../../lib/reading.ts';
import type { KubernetesBackend } from './backend.ts';
import { kindArguments, pathOf } from './kinds.ts';
import { withoutManagedFields } from './resources-get.ts';

/** More objects of a kind in a namespace than this are not looked at. */
const mostItems = '500';

/** Contract of kubernetes-mcp-server's tool of this name, which must be told to list as YAML (`--list-output yaml`). */
export const resourcesList: ToolDefinition<KubernetesBackend> = {
  name: 'resources_list',
  description: 'Lists the Kubernetes objects of a kind in a namespace.',
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'namespace'],
    properties: {
      ...kindArguments,
      labelSelector: { type: 'string', minLength: 1, maxLength: 1000 },
      fieldSelector: { type: 'string', minLength: 1, maxLength: 1000 },
    },
  },
  output: { type: ['object', 'array', 'string'] },
  async handle(args, { backend, signal }) {
    const [apiVersion, kind, namespace] = ['apiVersion', 'kind', 'namespace'].map((key) => textOf(args[key]) ?? '') as [
      string,
      string,
      string,
    ];
    const query = {
      limit: mostItems,
      labelSelector: textOf(args['labelSelector']),
      fieldSelector: textOf(args['fieldSelector']),
    };
    const path = pathOf(apiVersion, kind, namespace);
    const list = objectOf(await backend.call(textOf(args['context']), { path, query, signal }));
    return { items: listOf(list['items']).map((item) => withoutManagedFields(objectOf(item))) };
  },
};
