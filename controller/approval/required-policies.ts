import { lowerName, lowerTiers, productionName } from '../config/lower-environment.ts';

/** An admission policy that must bite before anything is done outside, with the rules that it must have at least. */
export interface RequiredPolicy {
  readonly name: string;
  /** CEL, as crds/policies has it; compared without white space. */
  readonly expressions: readonly string[];
  /** The conditions under which it looks, and no others. */
  readonly conditions: readonly string[];
}

/** These two meet the operator itself, so that a dry run can show whether they bite. */
export const undecidedPolicy = 'approvals-are-created-undecided.threehops.dev';
export const requesterPolicy = 'sessions-name-their-requester.threehops.dev';

const mayApprove = "authorizer.group('threehops.dev').resource('approvals').namespace(object.metadata.namespace)";

const environment = 'object.spec.environment.name.lowerAscii()';

/** The policies of crds/policies but for the optional one; a test holds the two together. Source: design section 6. */
export const requiredPolicies: readonly RequiredPolicy[] = [
  {
    name: undecidedPolicy,
    expressions: ['!has(object.spec.decision) && !has(object.spec.decidedBy) && !has(object.spec.grantIterations)'],
    conditions: [],
  },
  {
    name: 'approvals-are-decided-by-approvers.threehops.dev',
    expressions: [
      'object.spec.decidedBy == request.userInfo.username',
      'object.spec.requester != request.userInfo.username',
      "!request.userInfo.username.startsWith('system:serviceaccount:')",
      `${mayApprove}.name(object.metadata.name).check('approve').allowed()`,
    ],
    conditions: ['has(object.spec.decision) && !has(oldObject.spec.decision)'],
  },
  {
    name: requesterPolicy,
    expressions: ['has(object.spec.createdBy) && object.spec.createdBy == request.userInfo.username'],
    conditions: [],
  },
  {
    name: 'sessions-iterations-are-granted-by-approvers.threehops.dev',
    expressions: [
      `${mayApprove}.check('approve').allowed() && object.spec.createdBy != request.userInfo.username
        && (!has(object.spec.trigger) || !has(object.spec.trigger.reportedBy) || object.spec.trigger.reportedBy != request.userInfo.username)`,
    ],
    conditions: ['object.spec.grantIterations != oldObject.spec.grantIterations'],
  },
  {
    name: 'topologies-are-of-lower-environments.threehops.dev',
    expressions: [
      `!has(object.spec.environment) || object.spec.environment.tier in [${lowerTiers.map((tier) => `'${tier}'`).join()}]`,
      `!has(object.spec.environment) || !${environment}.matches('${productionName}') || ${environment}.matches('${lowerName}')`,
    ],
    conditions: [],
  },
];
