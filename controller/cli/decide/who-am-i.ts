import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import { resource } from '../../kube/resource.ts';

interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

const selfSubjectReviews = resource<SelfSubjectReview>(
  'authentication.k8s.io',
  'v1',
  'selfsubjectreviews',
  'SelfSubjectReview',
  'Cluster',
);

/** The user that the API server takes these credentials for. */
export async function whoAmI(client: KubeClient, signal: AbortSignal): Promise<string> {
  const { status } = await client.resource(selfSubjectReviews).create({}, signal);
  const name = status?.userInfo?.username;
  if (name === undefined) throw new Error('the API server does not say who you are');
  return name;
}
