/** More is asked than is done at a time: to be sent again later. */
export class Overloaded extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Overloaded';
  }
}
