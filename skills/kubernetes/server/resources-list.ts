import type { JsonObject } from '../../../controller/api/json.ts';
import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { listOf, objectOf, textOf } from '../../lib/reading.ts';
import type { KubernetesBackend } from './backend.ts';
import { kindArguments, pathOf } from './kinds.ts';
import { withoutManagedFields } from './resources-get.ts';

const pageSize = 500;
/** A list with more pages than this fails: a part of it would look like all there is. */
const mostPages = 10;

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
      labelSelector: textOf(args['labelSelector']),
      fieldSelector: textOf(args['fieldSelector']),
    };
    const path = pathOf(apiVersion, kind, namespace);
    const page: PageReader = async (token) => {
      const asked = { ...query, limit: String(pageSize), continue: token };
      return objectOf(await backend.call(textOf(args['context']), { path, query: asked, signal }));
    };
    return { items: (await allPages(page, kind)).map(withoutManagedFields) };
  },
};

type PageReader = (token: string | undefined) => Promise<JsonObject>;

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
async function allPages(read: PageReader, kind: string): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const list = await read(token);
    items.push(...listOf(list['items']).map(objectOf));
    token = textOf(objectOf(list['metadata'])['continue']);
    if (token === undefined) return items;
  }
  throw new ToolFault('TooManyObjects', `there are more than ${pageSize * mostPages} of ${kind}`);
}
