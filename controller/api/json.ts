/** A JSON value: what crosses a tool call, a digest or a status. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A JSON Schema (draft 2020-12 or 7, as ajv reads it), itself plain JSON. */
export type JsonSchema = JsonObject;
