/** Kinds of findings that tell of a program which does wrong, whatever makes it do so. */
export const programHarm = [
  'cloudwatch.ErrorRateHigh',
  'cloudwatch.NewErrorTemplate',
  'cloudwatch.StackTrace',
  'prometheus.ThresholdCrossed',
  'prometheus.Anomaly',
  'prometheus.AlertFiring',
] as const;
