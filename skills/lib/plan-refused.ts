/** An action cannot be planned with these parameters on this system; another plan might. Told apart by `code`. */
export class PlanRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'PlanRefused';
    this.code = code;
  }
}
