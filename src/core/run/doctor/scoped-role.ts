import { quoteIdentifier } from '../../sql/quote.ts';

export interface ScopedRoleWish {
  readonly role: string;
  readonly database: string;
  /** Schema sluice is there and belongs to another user. */
  readonly stateThere: boolean;
  /** pgvector can be created in this database and is not yet there. */
  readonly createVector: boolean;
}

/** For psql, as a superuser: a role that may do what runs need in one database. Its password is asked for, and stands nowhere. */
export function scopedRole({ role, database, stateThere, createVector }: ScopedRoleWish): readonly string[] {
  const name = quoteIdentifier(role);
  return [
    `CREATE ROLE ${name} LOGIN;`,
    `\\password ${name}`,
    `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${quoteIdentifier(database)} TO ${name};`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${name};`,
    ...(createVector ? ['CREATE EXTENSION IF NOT EXISTS vector;'] : []),
    ...(stateThere
      ? [`GRANT USAGE ON SCHEMA sluice TO ${name};`, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA sluice TO ${name};`]
      : []),
  ];
}
