import type { Json } from '../../controller/api/json.ts';
import { numberOf } from '../lib/reading.ts';

/**
 * RFC 3339 in UTC with PostgreSQL's six decimals, of microseconds since the epoch. A backend is told apart by when it started,
 * so nothing of it may be rounded; 2^53 microseconds last until the year 2255.
 */
export function microTime(micros: Json | undefined): string | undefined {
  const value = numberOf(micros);
  if (value === undefined || !Number.isSafeInteger(value)) return undefined;
  const millis = Math.floor(value / 1000);
  const rest = String(value - millis * 1000).padStart(3, '0');
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`;
}
