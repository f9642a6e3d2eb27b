import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { createHash } from 'node:crypto';
import { ListToolsResultSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import canonicalize from 'canonicalize';
import type { JsonSchema } from '../api/json.ts';
import type { SdkBounds } from './bounded-call.ts';
import { ToolAnswerTooLarge, type ToolAddress } from './errors.ts';

/** What is known of a tool beforehand, whatever server answers: the embedded server's own definition. */
export interface ToolContract {
  readonly name: string;
  readonly access: 'Read' | 'Write';
  readonly input: JsonSchema;
  readonly output: JsonSchema;
  readonly description?: string;
}

/** A tool of a connected server, with the schemas that its calls are held to. */
export interface KnownTool {
  readonly name: string;
  readonly access: 'Read' | 'Write';
  readonly input?: JsonSchema;
  readonly output?: JsonSchema;
  /** What it is for, in our own words; absent for a tool that only its server describes. */
  readonly description?: string;
  /** The schemas are the server's own words: checks by them are bounded in time. */
  readonly foreign?: true;
}

/** Far above any server of the field (the largest has about 100 tools): bounds one that pages for ever, or tells without end. */
const most = { pages: 20, tools: 500, bytes: 4 * 1024 * 1024 };

/** All pages of `tools/list`. @throws ToolAnswerTooLarge. */
export async function listTools(client: Client, address: ToolAddress, bounds: SdkBounds): Promise<readonly Tool[]> {
  const tools: Tool[] = [];
  let bytes = 0;
  let cursor: string | undefined;
  for (let page = 0; page < most.pages; page++) {
    const request = { method: 'tools/list' as const, params: cursor === undefined ? {} : { cursor } };
    const answer = await client.request(request, ListToolsResultSchema, bounds);
    tools.push(...answer.tools);
    bytes += Buffer.byteLength(JSON.stringify(answer));
    if (tools.length > most.tools || bytes > most.bytes) {
      throw new ToolAnswerTooLarge(address, `told of more than ${most.tools} tools, or of ${most.bytes} bytes of them`);
    }
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

/**
 * Joins what a server offers with what is known beforehand. The contract wins over the server's word: a server cannot
 * make a write look like a read, nor answer in another shape. What `writes` names writes, whatever the contract says.
 */
export function knownTools(
  offered: readonly Tool[],
  contract: readonly ToolContract[],
  writes: readonly string[] | undefined,
): ReadonlyMap<string, KnownTool> {
  const contracts = new Map(contract.map((one) => [one.name, one]));
  return new Map(
    offered.map((tool) => {
      const known = contracts.get(tool.name) ?? asOffered(tool, writes);
      return [tool.name, writes?.includes(tool.name) === true ? { ...known, access: 'Write' } : known];
    }),
  );
}

function asOffered(tool: Tool, writes: readonly string[] | undefined): KnownTool {
  const reads = writes === undefined ? tool.annotations?.readOnlyHint === true : !writes.includes(tool.name);
  return {
    name: tool.name,
    access: reads ? 'Read' : 'Write',
    foreign: true,
    input: tool.inputSchema as JsonSchema,
    ...(tool.outputSchema === undefined ? {} : { output: tool.outputSchema as JsonSchema }),
  };
}

/** SHA-256 of the whole definition's canonical JSON: name, description, schemas and annotations as the server tells them. */
export function toolDigest(tool: Tool): string {
  return createHash('sha256')
    .update(canonicalize(tool) ?? '')
    .digest('hex');
}
