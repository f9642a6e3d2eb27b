import pg from 'pg';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** What a superuser does to a server: statements, roles, databases. */
export interface PostgresAdministration {
  /** Runs statements as the superuser on a connection of its own, and answers the rows of the last one. */
  sql<Row extends pg.QueryResultRow>(database: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** A role that may log in, a member of the given roles (such as `pg_monitor`). The same name again changes its password. */
  createRole(name: string, password: string, memberOf?: readonly string[]): Promise<Login>;
  /** A database with pg_stat_statements in it, owned by the role; answers the owner's URL. */
  createDatabase(name: string, owner?: Login): Promise<string>;
}

const host = '127.0.0.1';

export function connectionUrl(port: number, database: string, { user, password }: Login): string {
  const [name, secret, path] = [user, password, database].map(encodeURIComponent);
  return `postgresql://${name}:${secret}@${host}:${port}/${path}`;
}

/** True when the server answers a statement. */
export async function accepts(url: string): Promise<boolean> {
  try {
    await query(url, 'select 1', []);
    return true;
  } catch {
    return false;
  }
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const result = await (values.length === 0 ? client.query<Row>(text) : client.query<Row>(text, values));
    const last = Array.isArray(result) ? (result as pg.QueryResult<Row>[]).at(-1) : result;
    return last?.rows ?? [];
  } finally {
    await client.end().catch(() => undefined);
  }
}

export function administration(url: (database: string, login?: Login) => string): PostgresAdministration {
  const name = pg.escapeIdentifier;
  const sql: PostgresAdministration['sql'] = (database, text, values = []) => query(url(database), text, values);
  const createRole: PostgresAdministration['createRole'] = async (user, password, memberOf = []) => {
    const there = await sql('postgres', 'select 1 from pg_roles where rolname = $1', [user]);
    const verb = there.length === 0 ? 'create' : 'alter';
    const grants = memberOf.map((role) => `grant ${name(role)} to ${name(user)};`).join(' ');
    await sql('postgres', `${verb} role ${name(user)} login password ${pg.escapeLiteral(password)}; ${grants}`);
    return { user, password };
  };
  const createDatabase: PostgresAdministration['createDatabase'] = async (database, owner) => {
    await sql(
      'postgres',
      `create database ${name(database)} ${owner === undefined ? '' : `owner ${name(owner.user)}`}`,
    );
    await sql(database, 'create extension if not exists pg_stat_statements');
    return url(database, owner);
  };
  return { sql, createRole, createDatabase };
}
