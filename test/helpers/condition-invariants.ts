import { type Condition, findCondition, isConditionTrue } from '../../controller/kube/conditions.ts';

/**
 * What is wrong with an object's conditions, by kstatus and the API conventions; empty when nothing is. A test asks this of
 * every status that it sees.
 */
export function conditionViolations(conditions: readonly Condition[] | undefined, generation: number): string[] {
  const all = conditions ?? [];
  const each = all.flatMap((condition) => violationsOf(condition, generation));
  const twice = all.map(({ type }) => type).filter((type, index, types) => types.indexOf(type) !== index);
  return [...each, ...twice.map((type) => `${type} is there twice`), ...readinessViolations(all)];
}

function readinessViolations(all: readonly Condition[]): string[] {
  const found: string[] = [];
  const ready = findCondition(all, 'Ready');
  const reconciling = isConditionTrue(all, 'Reconciling');
  const stalled = isConditionTrue(all, 'Stalled');
  if (ready === undefined) found.push('Ready is missing');
  if (ready?.status === 'True' && reconciling) found.push('Ready is True beside Reconciling');
  if (ready?.status === 'True' && stalled) found.push('Ready is True beside Stalled');
  if (reconciling && stalled) found.push('Reconciling and Stalled are both True');
  if (ready !== undefined && ready.status !== 'True' && !reconciling && !stalled) {
    found.push('Ready is not True and neither Reconciling nor Stalled says why');
  }
  return found;
}

function violationsOf(condition: Condition, generation: number): string[] {
  const { type, status, reason, lastTransitionTime, observedGeneration } = condition;
  const found: string[] = [];
  const abnormal = type === 'Reconciling' || type === 'Stalled';
  if (abnormal && status !== 'True') found.push(`${type} is present and not True`);
  if (!/^[A-Z][A-Za-z0-9]*$/.test(reason)) found.push(`the reason of ${type} is not CamelCase`);
  if ((observedGeneration ?? 0) > generation) found.push(`${type} saw a generation that is yet to come`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(lastTransitionTime)) found.push(`the time of ${type} is not RFC 3339`);
  return found;
}
