import type { Tag } from '@aws-sdk/client-ecs';
import { clientError, invalid } from '../protocol/ecs-error.ts';

/** A text that must be there. */
export function required(value: string | undefined, member: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${member} can not be blank.`);
}

/** Names of clusters, services and families. */
export function checkName(name: string, what: string): string {
  if (/^[A-Za-z0-9_-]{1,255}$/.test(name)) return name;
  throw clientError(
    `${what} contains invalid characters: up to 255 letters, numbers, underscores and hyphens are allowed.`,
  );
}

export function checkCount(count: number | undefined, member: string): number | undefined {
  if (count === undefined || (Number.isInteger(count) && count >= 0)) return count;
  throw invalid(`${member} must be a whole number that is not negative.`);
}

export function checkTags(tags: readonly Tag[] | undefined): Tag[] {
  const list = [...(tags ?? [])];
  if (list.some(({ key }) => typeof key !== 'string' || key === '')) throw invalid('A tag needs a key.');
  if (new Set(list.map(({ key }) => key)).size !== list.length) throw invalid('Duplicate tag keys found.');
  if (list.length > 50) throw invalid('No more than 50 tags are allowed.');
  return list;
}

export interface Page {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

/** A page of a list: 1 to 100 items, and the token of the next page when there is one. */
export function paginate<T>(items: readonly T[], { nextToken, maxResults }: Page): [T[], string | undefined] {
  const size = maxResults ?? 100;
  if (!Number.isInteger(size) || size < 1 || size > 100) throw invalid('maxResults must be between 1 and 100.');
  const from = nextToken === undefined ? 0 : offsetIn(nextToken);
  const end = from + size;
  return [items.slice(from, end), end < items.length ? tokenOf(end) : undefined];
}

const tokenOf = (offset: number): string => Buffer.from(`offset:${offset}`).toString('base64url');

function offsetIn(token: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (offset === undefined) throw invalid('Invalid token.');
  return Number(offset);
}
