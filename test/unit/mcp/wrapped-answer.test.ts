import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../../controller/mcp/answer.ts';

const address = { server: 'cloudwatch', tool: 'execute_log_insights_query' };
const output = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
const read = (structuredContent: object) =>
  readAnswer(address, { name: address.tool, access: 'Read', output }, { content: [], structuredContent }, 1000);

describe('an answer that its server has wrapped', () => {
  it('is taken out where it then fits the contract', () => {
    expect(read({ result: { status: 'Complete' } })).toEqual({ status: 'Complete' });
  });

  it('stays as it is where it fits already, and is refused where it fits neither way', () => {
    expect(read({ status: 'Complete', result: 1 })).toEqual({ status: 'Complete', result: 1 });
    expect(() => read({ result: { other: 1 } })).toThrow('status');
    expect(() => read({ result: { status: 'Complete' }, more: 1 })).toThrow('status');
  });
});
