import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formatsModule from 'ajv-formats';
import type { Json, JsonObject } from '../../../../controller/api/json.ts';
import { isObject } from '../http/request.ts';

const addFormats = formatsModule.default;
const base = 'https://github.example/description';
const descriptionPath = '@octokit/openapi/generated/api.github.com.json';

/** An answer of the REST API. */
export interface Answered {
  readonly method: string;
  /** The template, as in the description. */
  readonly path: string;
  readonly status: number;
  /** The media type. */
  readonly type: string | undefined;
  readonly data: unknown;
}

/** GitHub's published description of its REST API, ready to check answers against. */
export class GitHubDescription {
  readonly #document: JsonObject;
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor() {
    const file = createRequire(import.meta.url).resolve(descriptionPath);
    this.#document = asJsonSchema(JSON.parse(readFileSync(file, 'utf8')) as Json) as JsonObject;
    this.#ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    addFormats(this.#ajv);
    this.#ajv.addSchema(this.#document, base);
  }

  /** What is wrong with an answer; empty when it is as described. */
  problems({ method, path, status, type, data }: Answered): string[] {
    const place = `${method} ${path} ${status}`;
    const [response, pointer] = this.#resolve(['paths', path, method.toLowerCase(), 'responses', String(status)]);
    const content = isObject(response?.['content']) ? response['content'] : undefined;
    if (content !== undefined) {
      const media = Object.keys(content).find((name) => type?.startsWith(name));
      if (media === undefined) return [`${place} may not be ${type}`];
      return this.#check([...pointer, 'content', media, 'schema'], place, data);
    }
    // GitHub refuses in more ways than it describes, always in one shape.
    if (status >= 400) return this.#check(['components', 'schemas', 'basic-error'], place, data);
    if (response === undefined) return [`${place} is not described`];
    return isEmpty(data) ? [] : [`${place} has a body`];
  }

  #check(schema: readonly string[], place: string, data: unknown): string[] {
    const validate = this.#validator(schema);
    if (validate(data)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${place} ${instancePath} ${message}`);
  }

  /** An object of the document and its place, a reference followed. */
  #resolve(place: readonly string[]): [JsonObject | undefined, readonly string[]] {
    let value: Json | undefined = this.#document;
    for (const key of place) value = isObject(value) ? value[key] : undefined;
    const found: JsonObject | undefined = isObject(value) ? value : undefined;
    const reference = found?.['$ref'];
    if (typeof reference === 'string') return this.#resolve(reference.slice('#/'.length).split('/'));
    return [found, place];
  }

  #validator(place: readonly string[]): ValidateFunction {
    const pointer = place.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const known = this.#validators.get(pointer);
    const validator = known ?? this.#ajv.compile({ $ref: `${base}#/${pointer}` });
    this.#validators.set(pointer, validator);
    return validator;
  }
}

function isEmpty(data: unknown): boolean {
  return data === undefined || data === null || data === '';
}

/**
 * OpenAPI 3.0 says `nullable: true` where JSON Schema wants a choice with null. And the description says `oneOf` of shapes that
 * overlap (an error and a kind of error): any of them will do.
 */
function asJsonSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => asJsonSchema(item));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, asJsonSchema(inner)]);
  const { nullable, oneOf, ...schema } = Object.fromEntries(entries) as Record<string, Json>;
  const relaxed = oneOf === undefined ? schema : { ...schema, anyOf: oneOf };
  return nullable === true ? { anyOf: [relaxed, { type: 'null' }] } : relaxed;
}
