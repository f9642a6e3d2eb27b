import type { KubeClient } from '../kube/client.ts';
import { isAllowed, userOf, type Wanted } from '../kube/reviews.ts';

/** 401: who is this? 403: not for you. */
export type Verdict = 200 | 401 | 403;

/** Asks the cluster who a bearer token belongs to and whether they may. @throws ApiError when the cluster cannot be asked. */
export async function authorize(
  client: KubeClient,
  token: string | undefined,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Verdict> {
  if (token === undefined || token === '') return 401;
  const user = await userOf(client, token, signal);
  if (user === undefined) return 401;
  return (await isAllowed(client, user, wanted, signal)) ? 200 : 403;
}
