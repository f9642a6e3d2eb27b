const most = 20;

/** One query for each health type of the contract; their rows are what is worth a look. */
export const healthQueries: Readonly<Record<string, string>> = {
  index: `select schemaname, relname, indexrelname, idx_scan::float8 as scans, pg_relation_size(s.indexrelid)::float8 as bytes, i.indisvalid as valid
    from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid
    where not i.indisvalid or (s.idx_scan = 0 and not i.indisunique)
    order by bytes desc limit ${most}`,
  connection: `select coalesce(state, backend_type) as state, count(*)::int as connections, current_setting('max_connections')::int as max_connections
    from pg_stat_activity group by 1 order by 2 desc`,
  vacuum: `select s.relname, n_live_tup::float8 as live, n_dead_tup::float8 as dead, last_autovacuum, age(c.relfrozenxid)::float8 as transactions_since_freeze
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    where n_dead_tup > 1000 or age(c.relfrozenxid) > 500000000
    order by n_dead_tup desc limit ${most}`,
  sequence: `select schemaname, sequencename, last_value::float8 as last, max_value::float8 as max
    from pg_sequences where last_value is not null and last_value > max_value * 0.7
    order by last_value::float8 / max_value desc limit ${most}`,
  replication: `select application_name, state, sync_state, pg_wal_lsn_diff(sent_lsn, replay_lsn)::float8 as bytes_behind
    from pg_stat_replication order by 4 desc nulls last limit ${most}`,
  buffer: `select round(100.0 * sum(blks_hit) / nullif(sum(blks_hit) + sum(blks_read), 0), 2)::float8 as cache_hit_percent
    from pg_stat_database where datname = current_database()`,
  constraint: `select conrelid::regclass::text as relation, conname as name from pg_constraint where not convalidated order by 1, 2 limit ${most}`,
};
