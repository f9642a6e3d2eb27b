/** A task that could not be started; the message is in ECS's words, beginning with the error's name. */
export class StartFailure extends Error {
  readonly container: string;

  constructor(container: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
    this.container = container;
  }
}
