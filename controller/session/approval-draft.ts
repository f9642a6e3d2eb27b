import type { Approval } from '../api/kinds.ts';
import { canonicalJson } from '../evidence/canonical.ts';
import { ownerReference } from '../kube/owner-references.ts';
import type { Draft } from '../kube/object.ts';
import { trimmed } from './child-name.ts';
import type { ApprovalRequest } from './dependencies.ts';

/** The question as the operator creates it: undecided. */
export function approvalFor(request: ApprovalRequest): Draft<Approval> & { readonly spec: Approval['spec'] } {
  const { session, name, gate, actionDigest, summary, risk, expiresAt } = request;
  return {
    apiVersion: 'threehops.dev/v1alpha1',
    kind: 'Approval',
    metadata: {
      name,
      namespace: session.metadata.namespace,
      labels: { 'threehops.dev/session': trimmed(session.metadata.name, 63) },
      ownerReferences: [ownerReference(session)],
    },
    spec: {
      sessionRef: { name: session.metadata.name, uid: session.metadata.uid },
      requester: session.spec.createdBy ?? 'unknown',
      gate,
      actionDigest,
      summary,
      risk,
      expiresAt,
    },
  };
}

/**
 * Whether what is there under the name may be taken for our own question of an earlier life. Who made it is written nowhere that can be
 * trusted, so it has to be what we would make now in every field, undecided, and open no longer: whoever could create one in our
 * place could name another requester and then decide for himself.
 */
export function isOwnQuestion(there: Approval, request: ApprovalRequest): boolean {
  const { expiresAt, ...asked } = approvalFor(request).spec;
  const { expiresAt: endsAt, ...found } = there.spec;
  return canonicalJson(found) === canonicalJson(asked) && Date.parse(endsAt) <= Date.parse(expiresAt);
}
