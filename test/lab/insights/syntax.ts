/** The syntax tree of a Logs Insights query. */
export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '^';
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'comparison';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'and'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'like'; readonly operand: Expression; readonly pattern: RegExp | string }
  | { readonly kind: 'in'; readonly operand: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'bin'; readonly operand: Expression; readonly periodMs: number; readonly round: 'down' | 'up' }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  | { readonly kind: 'aggregate'; readonly name: string; readonly operands: readonly Expression[] };

/** A column: its name is the alias, else the text of the expression as it was written. */
export interface Column {
  readonly name: string;
  readonly expression: Expression;
}

export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
}

export type Command =
  | { readonly kind: 'fields' | 'display'; readonly columns: readonly Column[] }
  | { readonly kind: 'filter'; readonly condition: Expression }
  | { readonly kind: 'parse'; readonly source: Expression; readonly pattern: RegExp; readonly names: readonly string[] }
  | { readonly kind: 'stats'; readonly columns: readonly Column[]; readonly by: readonly Column[] }
  | { readonly kind: 'sort'; readonly keys: readonly SortKey[] }
  | { readonly kind: 'dedup'; readonly fields: readonly string[] }
  | { readonly kind: 'limit'; readonly count: number };

export interface Query {
  readonly commands: readonly Command[];
}
