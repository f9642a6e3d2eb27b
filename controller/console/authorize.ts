import { createHash } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { resource } from '../kube/resource.ts';

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[] };
  };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
}

const tokenReviews = resource<TokenReview>('authentication.k8s.io', 'v1', 'tokenreviews', 'TokenReview', 'Cluster');
const accessReviews = resource<SubjectAccessReview>(
  'authorization.k8s.io',
  'v1',
  'subjectaccessreviews',
  'SubjectAccessReview',
  'Cluster',
);

export interface Wanted {
  readonly namespace: string;
  readonly verb: string;
  readonly resource: string;
  readonly name?: string;
}

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
  const review = await client.resource(tokenReviews).create(
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      metadata: { name: nameFor(token) },
      spec: { token },
    },
    signal,
  );
  const user = review.status?.user;
  if (review.status?.authenticated !== true || user?.username === undefined) return 401;
  const resourceAttributes = { group: 'threehops.dev', version: '*', ...wanted };
  const access = await client.resource(accessReviews).create(
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      // The API server refuses one that has a name.
      spec: { user: user.username, uid: user.uid ?? '', groups: user.groups ?? [], resourceAttributes },
    },
    signal,
  );
  return access.status?.allowed === true ? 200 : 403;
}

/** Reviews are never stored; the name only has to be valid. */
function nameFor(token: string): string {
  return `review-${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
}
