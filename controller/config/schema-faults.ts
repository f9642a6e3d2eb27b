import type { ErrorObject } from 'ajv';

/** One thing that is wrong with a value, in words that follow the name of the field. */
export interface SchemaFault {
  /** JSON pointer of the field, which may be missing itself. */
  readonly pointer: string;
  readonly message: string;
  /** The keyword of JSON Schema that says so. */
  readonly keyword?: string;
}

/** What ajv found, for a person: a thing once, and a choice of forms as one thing. It needs `verbose` to know what is there. */
export function schemaFaults(errors: readonly ErrorObject[]): readonly SchemaFault[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const within = (error: ErrorObject): boolean => choices.some((choice) => choice !== error && isOf(choice, error));
  const faults = errors
    .filter((error) => !within(error) && error.keyword !== 'if')
    .map((error) => (choices.includes(error) ? choiceOf(error, errors) : faultOf(error)));
  return faults.filter(
    (fault, index) =>
      faults.findIndex(({ pointer, message }) => pointer === fault.pointer && message === fault.message) === index,
  );
}

/** Is the second found within a form of the first? */
function isOf({ schemaPath, instancePath }: ErrorObject, error: ErrorObject): boolean {
  const there = error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`);
  return there && error.schemaPath.startsWith(`${schemaPath}/`);
}

function choiceOf(choice: ErrorObject, errors: readonly ErrorObject[]): SchemaFault {
  const { instancePath: pointer, params } = choice;
  if (Array.isArray((params as Params)['passingSchemas']))
    return { pointer, message: 'fits two forms that exclude each other' };
  const inner = errors.filter((error) => error !== choice && isOf(choice, error));
  const names = inner.flatMap(({ keyword, instancePath, params: { missingProperty } }) =>
    keyword === 'required' && instancePath === pointer ? [String(missingProperty)] : [],
  );
  if (names.length !== inner.length || names.length === 0)
    return { pointer, message: 'fits none of the forms it may have' };
  return { pointer, message: `needs one of ${[...new Set(names)].join(', ')}` };
}

type Params = Readonly<Record<string, unknown>>;

/** Keywords whose own words are about another field than the one they stand at, or tell too little. */
const said: Readonly<Record<string, (error: ErrorObject, params: Params) => SchemaFault>> = {
  required: ({ instancePath }, { missingProperty }) => child(instancePath, missingProperty, 'is missing'),
  additionalProperties: (error, { additionalProperty }) =>
    child(error.instancePath, additionalProperty, `is no field that is known${likely(error, additionalProperty)}`),
  propertyNames: ({ instancePath }, { propertyName }) =>
    child(instancePath, propertyName, 'is no name that it may have'),
  enum: ({ instancePath }, { allowedValues }) => ({
    pointer: instancePath,
    message: `must be one of ${(allowedValues as readonly unknown[]).map(String).join(', ')}`,
  }),
  const: ({ instancePath }, { allowedValue }) => ({
    pointer: instancePath,
    message: `must be ${String(allowedValue)}`,
  }),
  type: ({ instancePath, data }, { type }) => ({
    pointer: instancePath,
    message: `must be ${String(type)}${data === undefined ? '' : `, not ${typeName(data)}`}`,
  }),
  pattern: ({ instancePath }, { pattern }) => ({ pointer: instancePath, message: `does not match ${String(pattern)}` }),
  format: ({ instancePath }, { format }) => ({ pointer: instancePath, message: `is no ${String(format)}` }),
};

function faultOf(error: ErrorObject): SchemaFault {
  const { keyword, instancePath: pointer, message = 'is wrong' } = error;
  return { ...(said[keyword]?.(error, error.params as Params) ?? { pointer, message }), keyword };
}

function child(parent: string, name: unknown, message: string): SchemaFault {
  return { pointer: `${parent}/${pointerWord(String(name))}`, message };
}

export function pointerWord(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function likely({ parentSchema }: ErrorObject, name: unknown): string {
  const known = Object.keys((parentSchema as { properties?: object } | undefined)?.properties ?? {});
  const closest = closestTo(String(name), known);
  return closest === undefined ? '' : `; did you mean ${closest}?`;
}

/** The one of the names that a typing error or two make of the word. */
export function closestTo(word: string, names: Iterable<string>): string | undefined {
  const most = Math.min(2, Math.floor(word.length / 3));
  const ranked = [...names].map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }));
  return ranked.filter(({ name, far }) => name !== word && far <= most).toSorted((a, b) => a.far - b.far)[0]?.name;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
