import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { ModelAnswer, Turn } from './model-client.ts';

/**
 * What was said, with an answer and the reply to it. An answer that was cut off or is empty is left out, as a call without its result
 * is not taken; what is said of it is added to what was said before.
 */
export function continued(
  turns: readonly Turn[],
  { content, stop_reason }: ModelAnswer,
  reply: readonly ContentBlockParam[],
): readonly Turn[] {
  const told = content.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  const whole = told.length > 0 && (stop_reason === 'tool_use' || stop_reason === 'end_turn');
  if (whole) return [...turns, { role: 'assistant', content: told }, { role: 'user', content: [...reply] }];
  return withMore(turns, reply);
}

/** The same with more in the last message. */
export function withMore(turns: readonly Turn[], more: readonly ContentBlockParam[]): readonly Turn[] {
  return withLast(turns, (last) => [...last, ...more]);
}

/** What was said so far is read from the cache on the next turn. The evidence has a mark of its own. */
export function cachedUpTo(turns: readonly Turn[]): Turn[] {
  return withLast(turns, (blocks) => {
    const last = blocks.at(-1);
    if (last === undefined) return [...blocks];
    // Those of users, texts and results, all take the mark.
    return [...blocks.slice(0, -1), { ...last, cache_control: { type: 'ephemeral' } } as ContentBlockParam];
  });
}

function withLast(
  turns: readonly Turn[],
  change: (blocks: readonly ContentBlockParam[]) => ContentBlockParam[],
): Turn[] {
  return turns.map((turn, index) => (index === turns.length - 1 ? { ...turn, content: change(turn.content) } : turn));
}
