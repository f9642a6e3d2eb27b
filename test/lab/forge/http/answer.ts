import type { Json, JsonObject } from '../../../../controller/api/json.ts';

export interface Answer {
  readonly status: number;
  /** JSON, unless `type` says otherwise. */
  readonly body?: Json | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const documentation = 'https://docs.github.com/rest';

export function ok(body: Json): Answer {
  return { status: 200, body };
}

export function created(body: JsonObject): Answer {
  return { status: 201, body, ...(typeof body['url'] === 'string' ? { headers: { location: body['url'] } } : {}) };
}

export const noContent: Answer = { status: 204 };

/** One entry of `errors` in GitHub's 422. */
export interface FieldError {
  readonly resource: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  readonly field?: string;
  readonly message?: string;
}

/** A refusal, in the shape that GitHub documents: message, documentation_url, status, and errors for a 422. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];

  constructor(status: number, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }

  answer(): Answer {
    const errors = this.errors.length === 0 ? {} : { errors: this.errors.map((error) => ({ ...error })) };
    return {
      status: this.status,
      body: { message: this.message, ...errors, documentation_url: documentation, status: String(this.status) },
    };
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

export function validationFailed(...errors: FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors);
}
