/** All that the operator waits for. Production waits minutes where the lab waits seconds. */
export interface Timings {
  /** One probe of one node. */
  readonly probeSeconds: number;
  /** How far back the first sweep looks. */
  readonly lookbackSeconds: number;
  /** One call of a tool. */
  readonly toolCallSeconds: number;
  /** Between two looks at a pipeline, a rollout or a stabilising service. */
  readonly pollMs: number;
  readonly ciSeconds: number;
  readonly rolloutSeconds: number;
  /** How soon the finding that is the cause is gone once a fix is in force, for what the skills know nothing better of. */
  readonly predictionSeconds: number;
  /** Until an Approval that nobody decides expires. */
  readonly approvalSeconds: number;
  /** Between two looks whether a plan that waits for a person still stands. */
  readonly planCheckSeconds: number;
  /** Between two tries at a lock that another session holds. */
  readonly lockRetryMs: number;
  /** Between two looks at a ToolServer. */
  readonly toolServerCheckSeconds: number;
  /** A fix whose cause is found again so soon after the session that it fixed has not helped. */
  readonly cameBackSeconds: number;
  /** From the signal to stop until writes and reconciliations that are still under way are aborted. */
  readonly shutdownSeconds: number;
}

type Bounds = readonly [byDefault: number, least: number, most: number];

/** Production's default, and the bounds within which a configuration may choose. */
const bounds: Readonly<Record<keyof Timings, Bounds>> = {
  probeSeconds: [20, 1, 300],
  lookbackSeconds: [3_600, 10, 604_800],
  toolCallSeconds: [15, 1, 300],
  pollMs: [5_000, 50, 60_000],
  ciSeconds: [1_800, 1, 21_600],
  rolloutSeconds: [900, 1, 7_200],
  predictionSeconds: [30, 1, 3_600],
  approvalSeconds: [86_400, 1, 2_592_000],
  planCheckSeconds: [60, 1, 3_600],
  lockRetryMs: [5_000, 50, 60_000],
  toolServerCheckSeconds: [60, 1, 3_600],
  cameBackSeconds: [604_800, 0, 2_592_000],
  shutdownSeconds: [20, 1, 300],
};

/** JSON Schema of `timings`. */
export const timingsSchema = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: Object.fromEntries(
    Object.entries(bounds).map(([name, [byDefault, minimum, maximum]]) => [
      name,
      { type: 'integer', default: byDefault, minimum, maximum },
    ]),
  ),
};
