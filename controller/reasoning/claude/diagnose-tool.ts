import type { Tool } from '@anthropic-ai/sdk/resources/messages';
import type { JsonSchema } from '../../api/json.ts';

export const diagnoseName = 'diagnose';

/** What the tool's schema lets through: names and ids in it are not checked yet. */
export interface Answered {
  readonly claims: readonly { readonly text: string; readonly findings: readonly string[] }[];
  readonly gaps: readonly string[];
  readonly verdict: 'Cause' | 'NoFault' | 'Inconclusive';
  readonly rootCause: AnsweredCause | null;
  readonly chain: readonly string[];
  readonly alternatives: readonly AnsweredCause[];
  readonly fix: {
    readonly action: string;
    readonly node: string;
    readonly parameters: string;
    readonly rationale: string;
  } | null;
  readonly predictions: readonly {
    readonly node: string;
    readonly findingGone: string;
    readonly withinSeconds: number;
  }[];
}

export interface AnsweredCause {
  readonly node: string;
  readonly kind: string;
  readonly summary: string;
  readonly confidencePercent: number;
}

const text = (description: string): JsonSchema => ({ type: 'string', description });
const integer = (description: string): JsonSchema => ({ type: 'integer', description });
const list = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', items, description });
const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

/** A strict schema takes neither bounds nor what may be left out. */
function closed(properties: Readonly<Record<string, JsonSchema>>): JsonSchema & { readonly type: 'object' } {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

const node = text('The id of a node of the graph, as it is written there.');
const cause = closed({
  node,
  kind: text('A known cause where one fits, else the kind of the finding that is the cause.'),
  summary: text('One sentence for a person, with figures; at most 500 characters.'),
  confidencePercent: integer('From 0 to 100: how often you would be right in a hundred cases like this.'),
});

/**
 * Nodes, findings and actions are plain strings: as enums they would make another tool of it for each session, which nothing
 * could be cached after. They are checked when the answer is there.
 */
export const diagnoseSchema = closed({
  claims: list(
    closed({
      text: text('One statement.'),
      findings: list(text('The id of a finding.'), 'What it rests on; at least one.'),
    }),
    'What you conclude from, the decisive one first; also what else is ill and why it is not the cause.',
  ),
  gaps: list(text('One sentence.'), 'What could not be seen and matters.'),
  verdict: { type: 'string', enum: ['Cause', 'NoFault', 'Inconclusive'] },
  rootCause: orNull(cause),
  chain: list(node, 'The nodes from the cause to the symptom, both included; empty without a cause.'),
  alternatives: list(cause, 'Other causes that are still possible, the likeliest first.'),
  fix: orNull(
    closed({
      action: text('The id of an action that is offered.'),
      node: text('The id of a node that it is offered for.'),
      parameters: text("The action's parameters: a JSON object, written as text, by the action's schema."),
      rationale: text('Why this heals the cause.'),
    }),
  ),
  predictions: list(
    closed({
      node,
      findingGone: text('The kind of a finding that this node has now and will not have.'),
      withinSeconds: integer('By when, in seconds after the fix is in force.'),
    }),
    'What will be seen when the fix heals; empty without a fix.',
  ),
});

export const diagnoseTool: Tool = {
  name: diagnoseName,
  description: 'Answers with the diagnosis. It ends the session when it holds; what is wrong with it comes back.',
  strict: true,
  input_schema: diagnoseSchema as Tool['input_schema'],
};
