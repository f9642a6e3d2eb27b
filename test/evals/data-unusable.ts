/** The data that was named cannot be judged on. The message says what is missing, for a person. */
export class DataUnusable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DataUnusable';
  }
}
