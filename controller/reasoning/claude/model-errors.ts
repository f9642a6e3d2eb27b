import { ReasonerGaveUp } from '../reasoner-errors.ts';

/** The model cannot be asked now: overloaded or out of reach after all retries. Nothing was answered. */
export class ModelUnavailable extends ReasonerGaveUp {
  constructor(why: string, options?: ErrorOptions) {
    super([`the model cannot be asked now: ${why}`], options);
  }
}

/** The model will not be asked like this: no key, a wrong one, a host that is not allowed, or a request that it does not take. */
export class ModelRefused extends ReasonerGaveUp {
  constructor(why: string, options?: ErrorOptions) {
    super([`the model does not take the request: ${why}`], options);
  }
}

/** The request went out and its answer did not come, or not whole. It may have been made, and be paid for. */
export class AnswerLost extends Error {
  /** @param why the failure's name: its words may hold the answer's */
  constructor(why: string) {
    super(`the answer was lost on its way: ${why}`);
    this.name = 'AnswerLost';
  }
}

/** A request that is longer than may be sent. Nothing was sent. */
export class RequestTooLong extends ReasonerGaveUp {
  /** In tokens. */
  readonly length: number;
  readonly most: number;

  constructor(length: number, most: number) {
    super([`the request has ${length} tokens, and at most ${Math.max(0, most)} may be sent`]);
    this.length = length;
    this.most = most;
  }
}
