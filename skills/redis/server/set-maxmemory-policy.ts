import { ToolFault } from '../../../controller/mcp/fault.ts';
import type { ToolDefinition } from '../../../controller/mcp/tool.ts';
import { textOf } from '../../lib/reading.ts';
import { policySchema } from '../../lib/redis/eviction.ts';
import { connectionSchema, type RedisBackend, runCommand } from '../../lib/server/redis/call.ts';

export const setPolicyTool = 'threehops_set_maxmemory_policy';

/**
 * Sets the eviction policy of the running server, provided that it is still the expected one; its configuration file is left alone.
 * @throws ToolFault `PolicyChanged`; ERR of a managed server, which knows no CONFIG; NOPERM without the right to
 */
export const setMaxmemoryPolicy: ToolDefinition<RedisBackend> = {
  name: setPolicyTool,
  description: 'Sets maxmemory-policy of the running server, fenced by the policy that was seen.',
  access: 'Write',
  input: {
    type: 'object',
    additionalProperties: false,
    required: ['policy', 'expected'],
    properties: { policy: policySchema, expected: policySchema, connection: connectionSchema },
  },
  output: { type: 'object', required: ['policy'], properties: { policy: { type: 'string' } } },
  async handle(args, { backend, signal }) {
    const [policy = '', expected = ''] = [textOf(args['policy']), textOf(args['expected'])];
    const found = await runCommand(backend, args, ['CONFIG', 'GET', 'maxmemory-policy'], signal);
    const [, current] = Array.isArray(found) ? (found as unknown[]).map(String) : [];
    if (current !== expected && current !== policy) {
      throw new ToolFault('PolicyChanged', `the policy is ${current ?? 'unknown'}, and not ${expected} as it was`);
    }
    signal.throwIfAborted();
    await runCommand(backend, args, ['CONFIG', 'SET', 'maxmemory-policy', policy], signal);
    return { policy };
  },
};
