/** A line of a container's output, as the awslogs driver would send it. */
export interface LogLine {
  readonly group: string;
  /** `prefix/container/task id`. */
  readonly stream: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}
