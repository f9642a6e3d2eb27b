import type { Place } from '../../config/yaml-lines.ts';

/** What is wrong somewhere, as compilers say it. */
export interface Problem extends Place {
  readonly file: string;
  readonly severity: 'Error' | 'Warning';
  /** `ServiceTopology shop/payments-api`; absent where no object could be read. */
  readonly object?: string;
  /** `spec.upstream[api-gateway].with.url` */
  readonly field?: string;
  /** Follows the field's name where there is one. */
  readonly message: string;
}

/** By file, then by place. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  const rank = new Map(files.map((file, index) => [file, index]));
  return problems.toSorted(
    (a, b) => (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
}
