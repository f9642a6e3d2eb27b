/** Which container of which task an environment is for. */
export interface TaskIdentity {
  readonly taskArn: string;
  readonly taskId: string;
  readonly cluster: string;
  readonly service: string | undefined;
  readonly family: string;
  readonly revision: number;
  readonly container: string;
  readonly image: string;
}
