/** What the tasks of one service showed at one moment. */
export interface MetricPoint {
  readonly namespace: 'AWS/ECS';
  readonly metricName: 'MemoryUtilization' | 'CPUUtilization';
  readonly dimensions: { readonly ClusterName: string; readonly ServiceName: string };
  readonly timestamp: Date;
  readonly unit: 'Percent';
  /** One a running task: percent of the memory, or of the CPU units, that the task definition asks for. */
  readonly values: readonly number[];
}
