import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { describe, expect, it } from 'vitest';
import { knownTools, listTools } from '../../../controller/mcp/tool-list.ts';

const tool = (name: string, description = '') => ({ name, description, inputSchema: { type: 'object' as const } });

/** Answers each `tools/list` with the same page, for ever. */
function paging(tools: object[]) {
  let pages = 0;
  const request = async () => ({ tools, nextCursor: String((pages += 1)) });
  const bounds = { signal: new AbortController().signal, timeout: 1_000 };
  return {
    list: () => listTools({ request } as unknown as Client, { server: 'theirs', tool: 'list' }, bounds),
    pages: () => pages,
  };
}

describe('the tools of a server', () => {
  it('are not listed for ever', async () => {
    const many = paging(Array.from({ length: 200 }, (_, n) => tool(`t${n}`)));
    await expect(many.list()).rejects.toMatchObject({ name: 'ToolAnswerTooLarge' });
    expect(many.pages()).toBe(3);
    const long = paging([tool('look', 'x'.repeat(1024 * 1024))]);
    await expect(long.list()).rejects.toMatchObject({ name: 'ToolAnswerTooLarge' });
    expect(long.pages()).toBe(4);
    const empty = paging([]);
    await expect(empty.list()).resolves.toEqual([]);
    expect(empty.pages()).toBe(20);
  });

  it('write when the contract or the ToolServer says so', () => {
    const contract = (access: 'Read' | 'Write') => [
      { name: 'execute_sql', access, input: {}, output: { type: 'array' } },
    ];
    const accessOf = (access: 'Read' | 'Write', writes: string[]) =>
      knownTools([tool('execute_sql')], contract(access), writes).get('execute_sql')?.access;
    expect(accessOf('Read', [])).toBe('Read');
    expect(accessOf('Read', ['execute_sql'])).toBe('Write');
    expect(accessOf('Write', [])).toBe('Write');
  });
});
