/** Why an outside write may not be made now, and what follows from that. */
export interface Refusal {
  /** CamelCase, for programs. */
  readonly reason: string;
  readonly message: string;
  /**
   * `Wait`: it may be allowed later. `Replan`: what was planned is of the past; look again. `Escalate`: only a person can let it go on.
   * `Drop`: it will never be made.
   */
  readonly leadsTo: 'Wait' | 'Replan' | 'Escalate' | 'Drop';
}

export function waitFor(message: string): Refusal {
  return { reason: 'ActRefused', message, leadsTo: 'Wait' };
}

export function replan(reason: string, message: string): Refusal {
  return { reason, message, leadsTo: 'Replan' };
}

export function escalate(reason: string, message: string): Refusal {
  return { reason, message, leadsTo: 'Escalate' };
}

export function drop(message: string): Refusal {
  return { reason: 'ActDropped', message, leadsTo: 'Drop' };
}
