/** Words of the language that may stand before a parenthesis. */
const language = `
  all and any array as between by case cast coalesce cube distinct else except exists extract filter from greatest group grouping
  having ilike in intersect interval is join lateral least like limit materialized not nullif offset on or over range recursive
  rollup row rows select sets similar some then union using values when where with
  bit char character decimal dec float numeric time timestamp timestamptz varbit varchar varying
`;

/** What neither writes, nor signals, nor waits, nor reads files, nor runs text as SQL, nor opens connections. */
const functions = `
  abs age array_agg array_length array_position array_to_json array_to_string avg bool_and bool_or btrim cardinality ceil ceiling
  char_length clock_timestamp concat concat_ws count cume_dist current_database current_schema current_schemas current_setting
  date_bin date_part date_trunc decode dense_rank div encode every exp first_value floor format format_type generate_series host
  initcap isfinite json_agg json_array_elements json_array_elements_text json_array_length json_build_array json_build_object
  json_each json_each_text json_object json_object_agg json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text jsonb_object_agg jsonb_pretty jsonb_typeof
  justify_interval lag last_value lead left length ln log lower lpad ltrim make_interval max md5 min mod mode now nth_value ntile
  obj_description octet_length overlay percent_rank percentile_cont percentile_disc pg_backend_pid pg_blocking_pids pg_column_size
  pg_current_wal_lsn pg_database_size pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_partkeydef pg_get_userbyid
  pg_get_viewdef pg_has_role pg_indexes_size pg_is_in_recovery pg_last_wal_receive_lsn pg_last_wal_replay_lsn
  pg_last_xact_replay_timestamp pg_my_temp_schema pg_postmaster_start_time pg_relation_size pg_safe_snapshot_blocking_pids
  pg_size_bytes pg_size_pretty pg_stat_get_activity pg_table_is_visible pg_table_size pg_tablespace_size pg_total_relation_size
  pg_typeof pg_wal_lsn_diff position power quote_ident quote_literal rank regexp_match regexp_matches regexp_replace
  regexp_split_to_array regexp_split_to_table repeat replace reverse right round row_number row_to_json rpad rtrim sign split_part
  sqrt statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array strpos substr substring sum to_char to_date
  to_hex to_json to_jsonb to_number to_regclass to_timestamp transaction_timestamp translate trim trunc unnest upper var_pop
  var_samp variance version width_bucket
  has_database_privilege has_schema_privilege has_table_privilege
`;

export const allowedCalls: ReadonlySet<string> = new Set(`${language} ${functions}`.split(/\s+/).filter(Boolean));
