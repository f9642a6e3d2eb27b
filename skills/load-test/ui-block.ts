import type { Json, JsonObject, JsonSchema } from '../../controller/api/json.ts';
import { listOf, numberOf, objectOf, textOf, textsOf } from '../lib/reading.ts';

/** One step of a click flow. Elements are named as a user of assistive technology would: by role and accessible name. */
export interface UiStep {
  readonly action: 'Click' | 'Type' | 'Expect';
  readonly role?: string;
  readonly name?: string;
  /** What is typed; what must come to stand on the page. */
  readonly text?: string;
}

/** The `tests.ui` block of a map, its defaults filled in as the CRD has them; and what a node of this skill looks at. */
export interface UiBlock {
  readonly url: string;
  readonly steps: readonly UiStep[];
  /** Origins beside that of `url` which the page may call. */
  readonly origins: readonly string[];
  readonly maxConsoleErrors: number;
  readonly maxFailedRequests: number;
}

const role = { type: 'string', pattern: '^[a-z]+$', maxLength: 40 };
const name = { type: 'string', minLength: 1, maxLength: 200 };
const text = { type: 'string', maxLength: 500 };

/** What changes nothing: waiting until a text stands on the page. */
export const expectStep: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['action', 'text'],
  properties: { action: { const: 'Expect' }, text },
};

export const anyStep: JsonSchema = {
  oneOf: [
    expectStep,
    {
      type: 'object',
      additionalProperties: false,
      required: ['action', 'role', 'name'],
      properties: { action: { const: 'Click' }, role, name },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['action', 'role', 'name', 'text'],
      properties: { action: { const: 'Type' }, role, name, text },
    },
  ],
};

export const urlSchema: JsonSchema = { type: 'string', pattern: '^https?://[^@]+$', maxLength: 2048 };
export const originsSchema: JsonSchema = {
  type: 'array',
  maxItems: 10,
  default: [],
  items: { type: 'string', pattern: '^https?://[^/@]+$', maxLength: 300 },
};
export const stepsSchema = (step: JsonSchema): JsonSchema => ({
  type: 'array',
  maxItems: 20,
  default: [],
  items: step,
});

/** Undefined where there is no page to open. */
export function uiBlockOf(block: JsonObject): UiBlock | undefined {
  const url = textOf(block['url']);
  if (url === undefined) return undefined;
  return {
    url,
    steps: listOf(block['steps']).map(stepOf),
    origins: textsOf(block['origins']),
    maxConsoleErrors: numberOf(block['maxConsoleErrors']) ?? 0,
    maxFailedRequests: numberOf(block['maxFailedRequests']) ?? 0,
  };
}

export function stepOf(item: Json): UiStep {
  const step = objectOf(item);
  const said = Object.fromEntries(
    ['role', 'name', 'text'].flatMap((field) => {
      const value = textOf(step[field]);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const action = step['action'] === 'Click' || step['action'] === 'Type' ? step['action'] : 'Expect';
  return { action, ...said };
}

export function stepArguments({ url, steps, origins }: UiBlock): JsonObject {
  return { url, steps: steps.map((step) => ({ ...step })), origins };
}

/** For a person: `click button "Pay"`. */
export function describeStep({ action, role: of = '', name: called = '', text: said = '' }: UiStep): string {
  if (action === 'Expect') return `expect "${said}"`;
  return `${action === 'Click' ? 'click' : 'type into'} ${of} "${called}"`;
}
