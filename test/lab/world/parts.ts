/** What the lab has beside its usual parts. Only faults that need one pay for its start; its nodes are on the maps then. */
export type LabPart =
  | 'alertmanager'
  | 'carrier'
  | 'dead-letters'
  | 'elasticache'
  | 'kubernetes'
  | 'lambda'
  | 'prometheus'
  | 'rollouts'
  | 'web';
