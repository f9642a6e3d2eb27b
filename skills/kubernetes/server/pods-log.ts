import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import type { KubernetesBackend } from './backend.ts';
import { contextArgument, nameArgument, namespaceArgument, pathOf } from './kinds.ts';

/** Contract of kubernetes-mcp-server's tool of this name. Answers the text of the log. */
export const podsLog: ToolDefinition<KubernetesBackend> = {
  name: 'pods_log',
  description: "Reads the end of a container's log, of the one that runs or of the one before it.",
  access: 'Read',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'namespace'],
    properties: {
      name: nameArgument,
      namespace: namespaceArgument,
      context: contextArgument,
      container: { type: 'string', minLength: 1, maxLength: 253 },
      tail: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      previous: { type: 'boolean', default: false },
    },
  },
  // What looks like JSON is parsed on its way.
  output: {},
  async handle(args, { backend, signal }) {
    const path = `${pathOf('v1', 'Pod', textOf(args['namespace']) ?? '', textOf(args['name']))}/log`;
    const query = {
      container: textOf(args['container']),
      tailLines: String(numberOf(args['tail']) ?? 100),
      previous: args['previous'] === true ? 'true' : undefined,
      limitBytes: '65536',
    };
    return backend.call(textOf(args['context']), { path, query, signal });
  },
};
