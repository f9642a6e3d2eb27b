/** The errors of the ECS API that this endpoint answers, by their names on the wire. */
export type EcsErrorCode =
  | 'ClientException'
  | 'ClusterNotFoundException'
  | 'InvalidParameterException'
  | 'ServerException'
  | 'SerializationException'
  | 'ServiceNotActiveException'
  | 'ServiceNotFoundException'
  | 'TargetNotFoundException'
  | 'UnknownOperationException'
  | 'UpdateInProgressException'
  | 'ClusterContainsServicesException'
  | 'ClusterContainsTasksException';

/** Thrown by an operation and answered as AWS does: status 400 (500 for ServerException), `__type` and `message`. */
export class EcsError extends Error {
  readonly code: EcsErrorCode;

  constructor(code: EcsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EcsError';
    this.code = code;
  }

  get status(): number {
    return this.code === 'ServerException' ? 500 : 400;
  }
}

export const invalid = (message: string): EcsError => new EcsError('InvalidParameterException', message);
export const clientError = (message: string): EcsError => new EcsError('ClientException', message);
