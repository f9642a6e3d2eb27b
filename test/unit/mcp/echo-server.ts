import type { Json } from '../../../controller/api/json.ts';
import type { EmbeddedServer, ToolDefinition } from '../../../controller/mcp/tool.ts';

/** What the test's server does when its tools are called; counts side effects. */
export interface EchoBackend {
  written: string[];
  answer: (text: string, signal: AbortSignal) => Promise<Json> | Json;
}

const input = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string' }, times: { type: 'integer', default: 2 } },
};

export const echo: ToolDefinition<EchoBackend> = {
  name: 'echo',
  description: 'Answers what it is told.',
  access: 'Read',
  input,
  output: {
    type: 'object',
    required: ['said'],
    properties: { said: { type: 'string' }, times: { type: 'integer' }, at: { type: 'string', format: 'date-time' } },
  },
  async handle(args, { backend, signal }) {
    return backend.answer(`${args['text'] as string} ${args['times'] as number}`, signal);
  },
};

export const list: ToolDefinition<EchoBackend> = {
  name: 'list',
  description: 'Answers an array.',
  access: 'Read',
  input: { type: 'object' },
  output: { type: 'array', items: { type: 'string' } },
  handle: async (_args, { backend, signal }) => backend.answer('', signal),
};

export const write: ToolDefinition<EchoBackend> = {
  name: 'threehops_write',
  description: 'Writes.',
  access: 'Write',
  input,
  output: { type: 'object', required: ['written'], properties: { written: { type: 'integer' } } },
  async handle(args, { backend, signal }) {
    backend.written.push(args['text'] as string);
    return backend.answer(args['text'] as string, signal);
  },
};

/** The server, and a view of the backends that it made and closed. */
export function echoServer(answer: EchoBackend['answer'], id = 'echo') {
  const backends: EchoBackend[] = [];
  const closed: EchoBackend[] = [];
  const server: EmbeddedServer<EchoBackend> = {
    id,
    tools: [echo, list, write],
    connect: () => {
      const backend: EchoBackend = { written: [], answer };
      backends.push(backend);
      return backend;
    },
    close: async (backend) => {
      closed.push(backend);
    },
  };
  return { server, backends, closed };
}
