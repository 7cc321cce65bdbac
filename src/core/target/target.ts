import type { Catalog } from '../model/catalog.ts';

/** What the planner and the loader may ask of a target instead of its kind. Cloneable data. */
export interface TargetCapabilities {
  /** server_version_num, e.g. 150018. */
  readonly serverVersion: number;
  /** Version of pgvector as installed or installable, e.g. "0.8.0"; null when the server has none. */
  readonly vectorVersion: string | null;
  /** The extension is already created in this database. */
  readonly vectorInstalled: boolean;
  /** Schema that holds pgvector's types, null when not created yet. */
  readonly vectorSchema: string | null;
  /** Dimensions that an index on `vector` takes: 2,000. */
  readonly maxIndexDimensions: number;
  /** Connections that may load at once; 1 for the embedded target. */
  readonly parallelConnections: number;
  /** Advisory locks and pg_terminate_backend mean something (several sessions). */
  readonly sessions: boolean;
  /** CREATE on the database / SUPERUSER or trusted extension. */
  readonly canCreateSchema: boolean;
}

/** A value bound to $1, $2, …. Text form except for bytes. */
export type SqlParameter = string | number | bigint | boolean | null | Uint8Array | readonly string[];

export interface QueryResult {
  /** Rows as objects; int8 and numeric as text, bytea as Uint8Array, json as text, booleans and int4 as JavaScript values. */
  readonly rows: readonly Record<string, unknown>[];
  readonly rowCount: number;
  /** What the server remarked meanwhile (NOTICE, WARNING); absent when it did not. */
  readonly notices?: readonly string[];
}

/** COPY … FROM STDIN under way. */
export interface CopyIn {
  /** Resolves when the driver takes more. The bytes may be reused after that. */
  write(chunk: Uint8Array): Promise<void>;
  /** Rows that the server counted. A refusal throws MigrationError with sqlstate and, where the server says it, `line` in the context. */
  end(): Promise<number>;
  /** Makes the server drop what was sent. */
  abort(): Promise<void>;
}

/** One session: statements run one after the other, in order. */
export interface TargetSession {
  query(sql: string, parameters?: readonly SqlParameter[]): Promise<QueryResult>;
  /** `sql`: a whole COPY … FROM STDIN statement. */
  copyIn(sql: string): Promise<CopyIn>;
  /** `sql`: a whole COPY … TO STDOUT statement. Pieces have any length; a piece may be reused after the next is asked for. */
  copyOut(sql: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * A PostgreSQL database. Two drivers: `postgres` and `embedded`; both pass test/contract/target-contract.ts.
 * Every error is a MigrationError that keeps the server's fields; connection losses have kind "transient".
 */
export interface Target extends TargetSession {
  readonly capabilities: TargetCapabilities;
  /** How to open it again in another thread. Holds the password in memory: never logged or stored. */
  readonly address: TargetAddress;
  /** Without secrets, for people: "embedded (.sluice/postgres)", "app@localhost:5432/shop". */
  readonly label: string;
  /** null for the embedded target, which no network leads to. */
  readonly wire: Wire | null;
  /** BEGIN … COMMIT on one session; ROLLBACK when `work` throws. Nobody else's statement runs inside. */
  transaction<T>(work: (session: TargetSession) => Promise<T>): Promise<T>;
  introspect(schemas: readonly string[]): Promise<Catalog>;
  /** Asks the server to stop what this target is doing now. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** How a connection reaches the server. */
export interface Wire {
  /** null = it is not encrypted. */
  readonly encryption: { readonly protocol: string; readonly cipher: string } | null;
  readonly pooling: Pooling;
}

/**
 * Whether the connection has a session of the server to itself: `none` = nothing stands between; `session` = a pooler does, and it does; `transaction` and
 * `statement` = it does not; `unknown` = a pooler stands between, and it could not be found out.
 */
export type Pooling = 'none' | 'session' | 'transaction' | 'statement' | 'unknown';

/** Cloneable except for `port`, which must be transferred. */
export type TargetAddress =
  | { readonly kind: 'postgres'; readonly connection: PostgresConnection; readonly applicationName: string }
  | { readonly kind: 'embedded'; readonly directory: string };

export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | null;
  /** As libpq means it, made explicit. */
  readonly sslMode: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';
  readonly sslRootCert: string | null;
}
