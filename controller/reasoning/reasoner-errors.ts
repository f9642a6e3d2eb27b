/** An engine has no diagnosis that would be accepted, and will have none from this evidence: the next engine is asked, or a person. */
export class ReasonerGaveUp extends Error {
  /** For a person, one sentence each. */
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[], options?: ErrorOptions) {
    super(reasons.join('; '), options);
    this.name = new.target.name;
    this.reasons = reasons;
  }
}
