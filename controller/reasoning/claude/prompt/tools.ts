import type { Tool } from '@anthropic-ai/sdk/resources/messages';
import type { ReadTool } from '../../desk.ts';
import { diagnoseTool } from '../diagnose-tool.ts';

/** The answer's tool first, since it is the same everywhere; then the looks by name. All up to the last is cached. */
export function toolsFor(reads: readonly ReadTool[]): readonly Tool[] {
  const tools = [diagnoseTool, ...reads.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(toolFrom)];
  return tools.map((tool, index) =>
    index === tools.length - 1 ? { ...tool, cache_control: { type: 'ephemeral' } } : tool,
  );
}

const longestDescription = 1_000;
/** The API takes no alternatives at the root of a schema. What is called is held against the tool's own schema in any case. */
const notAtRoot = new Set(['anyOf', 'oneOf', 'allOf', '$schema', '$id']);

function toolFrom({ name, description, input }: ReadTool): Tool {
  const schema = Object.fromEntries(Object.entries(input).filter(([key]) => !notAtRoot.has(key)));
  return { name, description: description.slice(0, longestDescription), input_schema: { ...schema, type: 'object' } };
}
