import type { Json } from '../../controller/api/json.ts';

const factors: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * A Kubernetes quantity (`512Mi`, `0.5`, `250m`, `1e3`) as a number; undefined for anything else.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantityOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([mkMGT]|[KMGT]i)?$/.exec(typeof value === 'string' ? value : '');
  const number = Number(match?.[1]);
  return match === null || Number.isNaN(number) ? undefined : number * (factors[match[2] ?? ''] ?? 1);
}

export function mebibytesOf(value: Json | undefined): number | undefined {
  const bytes = quantityOf(value);
  return bytes === undefined ? undefined : Math.round(bytes / 2 ** 20);
}

export function millisOf(value: Json | undefined): number | undefined {
  const cores = quantityOf(value);
  return cores === undefined ? undefined : Math.round(cores * 1000);
}
