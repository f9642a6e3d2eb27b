const anHour = 3_600_000;
const limit = 5000;

/** GitHub's rate limit, which the forge announces and never enforces. */
export function rateLimit(now: Date): Readonly<Record<'limit' | 'used' | 'remaining' | 'reset', number>> {
  const reset = Math.ceil((now.getTime() + 1) / anHour) * (anHour / 1000);
  return { limit, used: 1, remaining: limit - 1, reset };
}

export function limitHeaders(now: Date): Record<string, string> {
  const values = Object.entries(rateLimit(now)).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
  return {
    ...Object.fromEntries(values),
    'x-ratelimit-resource': 'core',
    'x-github-media-type': 'github.v3; format=json',
  };
}
