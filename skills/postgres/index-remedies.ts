import type { Finding } from '../../controller/evidence/finding.ts';
import { listOf, objectOf, textOf, textsOf } from '../lib/reading.ts';
import type { ProposedFix, Remedy } from '../skill.ts';
import { createIndexId } from './actions/index-plan.ts';

const mostColumns = 4;

interface Wanted {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** A statement reads a whole table for want of an index, or one that the service counts on is not there. */
export const createMissingIndex: Remedy = {
  id: 'postgres.create-missing-index',
  forKinds: ['postgres.MissingIndex', 'postgres.SchemaDrift'],
  cause: 'postgres.MissingIndex',
  propose({ findings }) {
    const needed = findings.filter(({ kind }) => kind === 'postgres.MissingIndex').flatMap(wantedBy);
    const expected = findings.filter(({ kind }) => kind === 'postgres.SchemaDrift').flatMap(expectedBy);
    // What is both expected and needed is what somebody took away.
    const both = needed.filter((one) => expected.some((other) => isSame(one, other)));
    return [
      ...both.map((one) => fixFor(one, 'its statements read the whole table, and the service counts on it', 0.95)),
      ...needed
        .filter((one) => !both.includes(one))
        .map((one) => fixFor(one, 'its statements read the whole table', 0.8)),
      ...expected
        .filter((one) => !needed.some((other) => isSame(one, other)))
        .map((one) => fixFor(one, 'the service counts on it', 0.3)),
    ];
  },
};

function wantedBy({ facts }: Finding): readonly Wanted[] {
  const schema = textOf(facts?.['schema']);
  const table = textOf(facts?.['table']);
  const columns = textsOf(facts?.['columns']).slice(0, mostColumns);
  return schema === undefined || table === undefined || columns.length === 0 ? [] : [{ schema, table, columns }];
}

function expectedBy(finding: Finding): readonly Wanted[] {
  return listOf(finding.facts?.['differences'])
    .map(objectOf)
    .filter(({ what }) => what === 'Index')
    .flatMap(({ columns = [] }) => wantedBy({ ...finding, facts: { ...finding.facts, columns } }));
}

function isSame(one: Wanted, other: Wanted): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function fixFor({ schema, table, columns }: Wanted, why: string, fitness: number): ProposedFix {
  return {
    action: createIndexId,
    parameters: { schema, table, columns: [...columns] },
    rationale: `${schema}.${table} has no index on ${columns.join(', ')}: ${why}; create it`,
    fitness,
  };
}

/** Named so that a diagnosis can blame it: a migration is for the service's own pipeline to apply. */
export const applyMigration: Remedy = {
  id: 'postgres.apply-migration',
  forKinds: ['postgres.SchemaDrift'],
  cause: 'postgres.SchemaDrift',
  propose: () => [],
};
