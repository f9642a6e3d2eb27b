import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import type { Answer } from './answer.ts';
import type { ApiRequest } from './request.ts';

const defaultSize = 30;
const largestSize = 100;

export interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The part of a list that `page` and `per_page` ask for, with GitHub's Link header. */
export function pageOf<T>(request: ApiRequest, all: readonly T[]): Page<T> {
  const size = Math.min(largestSize, positive(request.query.get('per_page'), defaultSize));
  const page = positive(request.query.get('page'), 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  return { items: all.slice((page - 1) * size, page * size), headers: links(request.url, page, last) };
}

/** A list that is answered as a bare array. */
export async function listed<T>(
  request: ApiRequest,
  all: readonly T[],
  shape: (item: T) => Json | Promise<Json>,
): Promise<Answer> {
  const { items, headers } = pageOf(request, all);
  return { status: 200, body: await Promise.all(items.map(async (item) => shape(item))), headers };
}

/** A list that is answered as `{total_count, <field>: [...]}`. */
export async function counted<T>(
  request: ApiRequest,
  field: string,
  all: readonly T[],
  shape: (item: T) => JsonObject | Promise<JsonObject>,
): Promise<Answer> {
  const { items, headers } = pageOf(request, all);
  const body = { total_count: all.length, [field]: await Promise.all(items.map(async (item) => shape(item))) };
  return { status: 200, body, headers };
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text ?? '');
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

function links(url: URL, page: number, last: number): Record<string, string> {
  const to = (number: number, rel: string): string => {
    const target = new URL(url);
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const before = page > 1 ? [to(page - 1, 'prev')] : [];
  const after = page < last ? [to(page + 1, 'next'), to(last, 'last')] : [];
  const first = page > 1 ? [to(1, 'first')] : [];
  const all = [...before, ...after, ...first];
  return all.length === 0 ? {} : { link: all.join(', ') };
}
