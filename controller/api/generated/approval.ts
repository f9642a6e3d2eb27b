// Generated from crds/threehops.dev_approvals.yaml by npm run generate. Do not edit.

export const approvalResource = {
  group: 'threehops.dev',
  version: 'v1alpha1',
  plural: 'approvals',
  kind: 'Approval',
  namespaced: true,
} as const;

/**
 * The question, immutable, and the decision, written once.
 */
export interface ApprovalSpec {
  /**
   * The session that asks.
   */
  sessionRef: {
    /**
     * Name of the DebugSession.
     */
    name: string;
    /**
     * Its UID; a session of the same name made later is another.
     */
    uid: string;
  };
  /**
   * Who asked for the session; that person may not decide.
   */
  requester: string;
  /**
   * Why a person is asked.
   */
  gate: 'SchemaChange' | 'Escalation' | 'RiskyAction' | 'Disagreement' | 'ReviewGate';
  /**
   * SHA-256 of the frozen act, in hexadecimal. What is approved is this and nothing else.
   */
  actionDigest: string;
  /**
   * What is asked, in a few sentences.
   */
  summary: string;
  /**
   * How much it could hurt.
   */
  risk: 'Low' | 'Medium' | 'High';
  /**
   * After this moment the question is closed.
   */
  expiresAt: string;
  /**
   * The decision, written once, by a person with the verb approve.
   */
  decision?: 'Approved' | 'Rejected';
  /**
   * The user name of who decides; must be the requesting user's own.
   */
  decidedBy?: string;
  /**
   * Why it was decided so.
   */
  reason?: string;
  /**
   * For an Escalation, how many more iterations are granted by approving.
   */
  grantIterations?: number;
}

/**
 * Where the question stands; written by the operator alone, never read for the decision.
 */
export interface ApprovalStatus {
  /**
   * The generation that this status speaks of.
   */
  observedGeneration?: number;
  /**
   * Open until it is used, taken back or too late.
   */
  state?: 'Open' | 'Consumed' | 'Withdrawn' | 'Expired';
  /**
   * Conditions as kstatus reads them.
   */
  conditions?: {
    /**
     * What is said.
     */
    type: string;
    /**
     * Whether it holds.
     */
    status: 'True' | 'False' | 'Unknown';
    /**
     * One word for programs.
     */
    reason: string;
    /**
     * A sentence for people.
     */
    message: string;
    /**
     * When the status last changed.
     */
    lastTransitionTime: string;
    /**
     * The generation it speaks of.
     */
    observedGeneration?: number;
  }[];
}
