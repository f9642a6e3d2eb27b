import { type CustomTypesConfig, types } from 'pg';

/** OIDs of bool, int2, int4, float4, float8, json and jsonb: what JSON can say. All else stays the text that PostgreSQL prints. */
const jsonLike = new Set([16, 21, 23, 700, 701, 114, 3802]);

/** Dates would lose microseconds, and bytes would not survive JSON. */
export const plainTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    jsonLike.has(oid)
      ? types.getTypeParser(oid, format as 'text')
      : (text: string) => text) as CustomTypesConfig['getTypeParser'],
};
