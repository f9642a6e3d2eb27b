/** Fields that hold a secret by their name, whatever is in them. Compared without case, `-` and `_`. */
const secretFields = new Set([
  'token',
  'accesstoken',
  'password',
  'passwd',
  'secret',
  'clientsecret',
  'authorization',
  'cookie',
  'apikey',
  'privatekey',
  'credentials',
  'connectionstring',
]);
const censored = '[redacted]';
const maxDepth = 6;
const maxCauses = 5;

type RedactText = (text: string) => string;

/** A copy of `fields` that is fit for a log: secrets and what lies too deep are replaced, texts redacted, errors described. */
export function safeFields(fields: object, redactText: RedactText): Record<string, unknown> {
  return safeObject(fields, redactText, 0);
}

function safeObject(object: object, redactText: RedactText, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      redactText(name),
      isSecret(name) ? censored : safe(value, redactText, depth + 1),
    ]),
  );
}

function safe(value: unknown, redactText: RedactText, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, redactText, 0);
  if (value instanceof Date) return value.toISOString();
  if (depth >= maxDepth) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => safe(item, redactText, depth + 1));
  return safeObject(value, redactText, depth);
}

function isSecret(name: string): boolean {
  return secretFields.has(name.replaceAll(/[-_]/g, '').toLowerCase());
}

/** What is worth logging of an error: class, message, codes, stack and causes; never its other fields, which may hold anything. */
function describeError(error: Error, redactText: RedactText, depth: number): object {
  const { code, reason, status } = error as { code?: unknown; reason?: unknown; status?: unknown };
  const codes = Object.entries({ code, reason, status })
    .filter(([, value]) => ['string', 'number'].includes(typeof value))
    .map(([name, value]) => [name, safe(value, redactText, depth)]);
  const stack = depth === 0 ? { stack: redactText(error.stack ?? '') } : {};
  const described = {
    type: redactText(error.name),
    message: redactText(error.message),
    ...Object.fromEntries(codes),
    ...stack,
  };
  if (!(error.cause instanceof Error) || depth >= maxCauses) return described;
  return { ...described, cause: describeError(error.cause, redactText, depth + 1) };
}
