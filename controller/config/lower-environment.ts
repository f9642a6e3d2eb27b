/** What a map may say of where it is. */
export const lowerTiers = ['Development', 'Test', 'Staging'] as const;

/** Names of production, in lower case, and those of lower environments that look like one; patterns for JavaScript and for CEL. */
export const productionName = '(^|[^a-z])(prod|prd|production)([^a-z]|$)';
export const lowerName = '(pre|non|not)[^a-z]?(prod|prd|production)';

/** Whether it is no production, neither by its tier nor by its name. The CRD and admission see to it as well, and are not relied upon. */
export function isLowerEnvironment({ name, tier }: { readonly name: string; readonly tier: string }): boolean {
  const named = name.toLowerCase();
  const lower = !new RegExp(productionName).test(named) || new RegExp(lowerName).test(named);
  return lower && (lowerTiers as readonly string[]).includes(tier);
}
