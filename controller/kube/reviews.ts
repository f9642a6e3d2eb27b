import { createHash } from 'node:crypto';
import type { KubeClient } from './client.ts';
import type { KubeObject } from './object.ts';
import { resource } from './resource.ts';

/** Somebody, as the cluster knows him. */
export interface User {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
}

interface TokenReview extends KubeObject {
  readonly spec: { readonly token: string; readonly audiences?: readonly string[] };
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: UserInfo;
    readonly audiences?: readonly string[];
  };
}

interface SubjectAccessReview extends KubeObject {
  readonly spec: object;
  readonly status?: { readonly allowed?: boolean };
}

interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo?: UserInfo };
}

const authentication = 'authentication.k8s.io';
const tokenReviews = resource<TokenReview>(authentication, 'v1', 'tokenreviews', 'TokenReview', 'Cluster');
const selfReviews = resource<SelfSubjectReview>(
  authentication,
  'v1',
  'selfsubjectreviews',
  'SelfSubjectReview',
  'Cluster',
);
const accessReviews = resource<SubjectAccessReview>(
  'authorization.k8s.io',
  'v1',
  'subjectaccessreviews',
  'SubjectAccessReview',
  'Cluster',
);

/** Something that somebody wants to do with a resource of ours. */
export interface Wanted {
  readonly namespace: string;
  readonly verb: string;
  readonly resource: string;
  readonly name?: string;
}

/**
 * Whose bearer token this is; undefined where the cluster does not know it, or knows it for another audience.
 * @param audience whom the token must be meant for; the API server itself without it
 * @throws ApiError when the cluster cannot be asked.
 */
export async function userOf(
  client: KubeClient,
  token: string,
  signal: AbortSignal,
  audience?: string,
): Promise<User | undefined> {
  const review = await client.resource(tokenReviews).create(
    {
      apiVersion: `${authentication}/v1`,
      kind: 'TokenReview',
      metadata: { name: nameFor(token) },
      spec: { token, ...(audience === undefined ? {} : { audiences: [audience] }) },
    },
    signal,
  );
  const { authenticated, user, audiences = [] } = review.status ?? {};
  if (authenticated !== true || user?.username === undefined || user.username === '') return undefined;
  // An authenticator that knows of no audiences says yes to any, and names none.
  if (audience !== undefined && !audiences.includes(audience)) return undefined;
  return { username: user.username, uid: user.uid ?? '', groups: user.groups ?? [] };
}

/** Whether they may. @throws ApiError when the cluster cannot be asked. */
export async function isAllowed(client: KubeClient, user: User, wanted: Wanted, signal: AbortSignal): Promise<boolean> {
  const resourceAttributes = { group: 'threehops.dev', version: '*', ...wanted };
  const { username, uid, groups } = user;
  const access = await client.resource(accessReviews).create(
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      // The API server refuses one that has a name.
      spec: { user: username, uid, groups, resourceAttributes },
    },
    signal,
  );
  return access.status?.allowed === true;
}

/** The name under which the cluster knows us. @throws ApiError; Error when it gives none. */
export async function ownName(client: KubeClient, signal: AbortSignal): Promise<string> {
  const review = await client.resource(selfReviews).create({}, signal);
  const name = review.status?.userInfo?.username;
  if (name === undefined || name === '') throw new Error('the cluster does not say who we are');
  return name;
}

/** Reviews are never stored; the name only has to be valid. */
function nameFor(token: string): string {
  return `review-${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
}
