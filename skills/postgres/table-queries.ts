import type { Reading } from './queries.ts';

/** What is asked about tables, in the manner of `queries.ts`. */

const mostTables = 100;

/** The tables of which most was read row by row, and how much of it. */
export const scansQuery = (reading: Reading): string => `/* reading ${reading} */
select json_build_object(
  'tables', (select coalesce(json_agg(t), '[]'::json) from (
    select s.schemaname as schema, s.relname as table, s.seq_scan as scans, s.seq_tup_read as read,
           greatest(s.n_live_tup, 0) as rows
    from pg_stat_user_tables s
    order by s.seq_tup_read desc, s.relid
    limit ${mostTables}) t)
)::text as report`;

/** Columns and valid indexes of tables by their names in any schema. An expression in an index stands as null. */
export const shapesQuery = (names: readonly string[]): string => `
select json_build_object(
  'tables', (select coalesce(json_agg(t), '[]'::json) from (
    select n.nspname as schema, c.relname as table, greatest(c.reltuples, 0)::float8 as rows, pg_table_size(c.oid) as bytes,
      (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum), '[]'::json)
       from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select coalesce(json_agg(json_build_object('name', x.relname, 'columns',
         (select json_agg(a.attname order by k.attnum)
          from pg_attribute k
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum > 0 and a.attnum = i.indkey[k.attnum - 1]
          where k.attrelid = i.indexrelid and k.attnum between 1 and i.indnkeyatts),
         'partial', i.indpred is not null) order by x.relname), '[]'::json)
       from pg_index i join pg_class x on x.oid = i.indexrelid
       where i.indrelid = c.oid and i.indisvalid) as indexes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
      and c.relname in (${names.map(quoted).join(', ') || 'null'})
    order by n.nspname, c.relname) t)
)::text as report`;

/** Of an index `i`: a build is under way. It tells its table from the start, its index a moment after that can be seen. */
export const isBeingBuilt = `exists (
  select from pg_stat_progress_create_index p
  where p.datname = current_database() and p.relid = i.indrelid and p.index_relid in (0, i.indexrelid))`;

/** An index by its name: its oid, whether it can be used, and whether it is being built just now. */
export const indexQuery = (schema: string, name: string): string => `
select json_build_object(
  'indexes', (select coalesce(json_agg(t), '[]'::json) from (
    select i.indexrelid::bigint as oid, i.indisvalid as valid, r.relname as table,
           ${isBeingBuilt} as building
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class r on r.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${quoted(schema)} and c.relname = ${quoted(name)}) t)
)::text as report`;

/** A literal. A backslash stays what it is, because `standard_conforming_strings` is on wherever this is run. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
