import type { JsonObject } from '../../../controller/api/json.ts';
import { numberOf } from '../../lib/reading.ts';

export const pageSchema = {
  limit: { type: ['integer', 'null'], minimum: 0, maximum: 100_000 },
  offset: { type: 'integer', minimum: 0, default: 0 },
} as const;

export interface Page<T> {
  readonly items: readonly T[];
  readonly total_count: number;
  readonly returned_count: number;
  readonly offset: number;
  readonly has_more: boolean;
}

/** A part of a list, as the contract counts it. */
export function page<T>(all: readonly T[], args: JsonObject): Page<T> {
  const offset = numberOf(args['offset']) ?? 0;
  const end = offset + (numberOf(args['limit']) ?? all.length);
  const items = all.slice(offset, end);
  return { items, total_count: all.length, returned_count: items.length, offset, has_more: end < all.length };
}
