import { contentVersion } from '../../lib/content-version.ts';
import { lineDiff } from '../../lib/line-diff.ts';
import { PlanRefused } from '../../lib/plan-refused.ts';
import { numberOf, textOf } from '../../lib/reading.ts';
import { changeNumber } from '../../lib/settings/change.ts';
import type { ActionContext, ActionType, RenderedAction } from '../../skill.ts';
import type { JsonObject } from '../../../controller/api/json.ts';

/**
 * Changes one number in a configuration file, found by its key path; nothing else of the file moves.
 * `render` throws PlanRefused: FileMissing, KeyMissing, ValueDiffers, NotContained, NoChange.
 */
export const setNumber: ActionType = {
  id: 'code-editor.set-number',
  title: 'Change a number in a configuration file',
  class: 'Code',
  risk: 'Low',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['path', 'key', 'from', 'to'],
    properties: {
      path: { type: 'string', minLength: 1, maxLength: 500 },
      key: { type: 'string', minLength: 1, maxLength: 300 },
      from: { type: 'number' },
      to: { type: 'number', minimum: -1, maximum: 1_000_000_000 },
    },
  },
  idempotency: 'Natural',
  direction(parameters) {
    const { path, key, from, to } = read(parameters);
    return `${path}#${key}:${to < from ? 'decrease' : 'increase'}`;
  },
  render,
  async unchanged(context, { target, frozen }) {
    const { path } = read(frozen);
    return versionOf(path, await context.readFile(path)) === target.version;
  },
};

async function render(context: ActionContext, parameters: JsonObject): Promise<RenderedAction> {
  const { path, key, from, to } = read(parameters);
  const text = await context.readFile(path);
  if (text === undefined) throw new PlanRefused('FileMissing', `there is no ${path}`);
  if (from === to) throw new PlanRefused('NoChange', `${key} of ${path} is ${from} already`);
  const changed = changeNumber(path, text, { key, from, to });
  if (typeof changed === 'string')
    throw new PlanRefused(changed, `${key} of ${path} cannot be changed from ${from} to ${to}`);
  return {
    diff: lineDiff(path, text, changed.text),
    target: {
      identity: `file:${textOf(context.node.with['repository']) ?? ''}/${path}`,
      version: versionOf(path, text),
    },
    frozen: { path, key, from, to },
    edits: [{ path, content: changed.text }],
  };
}

function versionOf(path: string, text: string | undefined): string {
  return contentVersion([[path, text ?? null]]);
}

function read(values: JsonObject): { path: string; key: string; from: number; to: number } {
  return {
    path: textOf(values['path']) ?? '',
    key: textOf(values['key']) ?? '',
    from: numberOf(values['from']) ?? Number.NaN,
    to: numberOf(values['to']) ?? Number.NaN,
  };
}
