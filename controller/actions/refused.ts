/**
 * A plan cannot be made or may not be carried out: a revert that conflicts, a diff the review gate refuses, a target that has
 * changed. Not a failure of the operator: the fix counts as tried and the next one is looked for.
 */
export class ActionRefused extends Error {
  /** CamelCase, for conditions and events. */
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ActionRefused';
    this.reason = reason;
  }
}
