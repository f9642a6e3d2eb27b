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

describe('an answer as FastMCP sends it', () => {
  const as = (wanted: object, result: object) =>
    readAnswer(address, { name: address.tool, access: 'Read', output: { ...wanted } }, result, 1000);
  const list = { type: 'array', items: { type: 'object' } };
  const block = (text: string) => ({ type: 'text', text });

  it('is a list where it comes as a block an item, also with one and with none', () => {
    expect(as(list, { content: [block('{"id": 1}'), block('{"id": 2}')] })).toEqual([{ id: 1 }, { id: 2 }]);
    expect(as(list, { content: [block('{"id": 1}')] })).toEqual([{ id: 1 }]);
    expect(as(list, { content: [] })).toEqual([]);
    expect(() => as(list, { content: [block('{"id": 1}'), block('Error: no')] })).toThrow('must be array');
  });

  it('is words where the contract has words, whatever stands beside them', () => {
    const wrapped = { result: [block('all is well')] };
    expect(as({ type: 'string' }, { content: [block('all is well')], structuredContent: wrapped })).toBe('all is well');
    expect(as(list, { content: [block('all is well')], structuredContent: wrapped })).toEqual(wrapped.result);
  });
});
