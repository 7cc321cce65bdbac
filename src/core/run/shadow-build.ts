import { ShadowSchemas, shadowName } from '../diff/shadow-schemas.ts';
import type { EngineDeps } from '../engine-deps.ts';
import { MigrationError } from '../errors.ts';
import type { SchemaSnapshot, SchemaTable } from '../model/schema-snapshot.ts';
import type { Statement } from '../model/statement.ts';
import type { TableName } from '../plan/compiled-plan.ts';
import type { PlanScope } from '../plan/plan-scope.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { quoteTable } from '../sql/table-name.ts';
import { introspectSnapshot, introspectTables, type SnapshotScope } from '../target/introspect-snapshot.ts';
import type { TargetSession } from '../target/target.ts';

/** The target as it is and as the plan makes it, both in PostgreSQL's own words. */
export interface PlannedSchemas {
  readonly target: SchemaSnapshot;
  readonly planned: SchemaSnapshot;
  /** Planned form of the tables that are there already, every name in it qualified. */
  readonly qualified: readonly SchemaTable[];
}

/** What is built at once: a part of the plan's tables with everything they need. */
export interface BuildPart {
  readonly scope: PlanScope;
  readonly statements: readonly Statement[];
  /** Tables outside the plan that foreign keys of this part refer to. */
  readonly parents: readonly TableName[];
}

/** Makes a part of a plan in schemas of its own and reads it again, inside a transaction that the caller rolls back. */
export class ShadowBuild {
  readonly #session: TargetSession;
  readonly #part: BuildPart;
  readonly #deps: EngineDeps;
  readonly #signal: AbortSignal;

  constructor(session: TargetSession, part: BuildPart, deps: EngineDeps, signal: AbortSignal) {
    this.#session = session;
    this.#part = part;
    this.#deps = deps;
    this.#signal = signal;
  }

  /** `batchSize`: statements sent at once. */
  async run(batchSize: number): Promise<PlannedSchemas> {
    const { scope, statements } = this.#part;
    const target = await introspectSnapshot(this.#session, scope);
    const shadows = await this.#createSchemas();
    for (const batch of inBatches(statements, batchSize)) await this.#make(batch, shadows);
    const planned = await introspectSnapshot(this.#session, movedScope(scope, shadows));
    const there = scope.tables.filter(({ schema, table }) => target.tables.some((t) => t.schema === schema && t.name === table));
    return {
      target,
      planned: shadows.restore(planned),
      qualified: shadows.restore(await this.#qualified(there.map((name) => moved(name, shadows)))),
    };
  }

  async #createSchemas(): Promise<ShadowSchemas> {
    const { scope, parents } = this.#part;
    const { made, schemas } = scope;
    const used = [...new Set([...schemas, ...made.map(({ schema }) => schema), ...parents.map(({ schema }) => schema)])];
    const found = await this.#session.query('SELECT name, quote_ident(name) <> name AS needs_quotes FROM unnest($1::text[]) AS name', [
      used,
    ]);
    const shadows = new ShadowSchemas(
      found.rows.map((row) => ({ name: String(row['name']), shadow: shadowName(this.#deps.randomHex(8), row['needs_quotes'] === true) })),
      [...made, ...parents],
    );
    const path = shadows.schemas.filter(({ name }) => name === 'public').map(({ shadow }) => quoteIdentifier(shadow));
    const parentsThere = await this.#existing(parents);
    await this.#session.query(
      [
        // Another session that holds the system's catalog must not make us wait for ever, nor others behind us.
        "SET LOCAL lock_timeout = '5s'",
        ...shadows.schemas.map(({ shadow }) => `CREATE SCHEMA ${quoteIdentifier(shadow)}`),
        // A key to the parent itself would lock it against writing.
        ...parentsThere.map((name) => `CREATE TABLE ${quoteTable(moved(name, shadows))} (LIKE ${quoteTable(name)} INCLUDING INDEXES)`),
      ].join(';\n'),
    );
    // What the plan names without a schema is looked for in `public`.
    await this.#session.query(
      "SELECT set_config('search_path', concat_ws(', ', $1::text, nullif(current_setting('search_path'), '')), true)",
      [path[0] ?? null],
    );
    return shadows;
  }

  async #existing(tables: readonly TableName[]): Promise<readonly TableName[]> {
    if (tables.length === 0) return [];
    const found = await this.#session.query(
      `SELECT name.i FROM unnest($1::text[]) WITH ORDINALITY AS name (text, i) WHERE to_regclass(name.text) IS NOT NULL`,
      [tables.map(quoteTable)],
    );
    return found.rows.flatMap((row) => tables[Number(row['i']) - 1] ?? []);
  }

  async #make(batch: readonly Statement[], shadows: ShadowSchemas): Promise<void> {
    if (this.#signal.aborted) throw new MigrationError('cancelled', { cause: this.#signal.reason });
    const text = batch.map(({ sql, object }) => (object?.kind === 'extension' ? sql : shadows.moveSql(sql))).join(';\n');
    try {
      await this.#session.query(text);
    } catch (error) {
      if (!(error instanceof MigrationError) || error.code !== 'sql-failed') throw error;
      const [statement] = batch;
      const context = shadows.restore({ ...error.context, ...(statement?.table ? { table: statement.table } : {}) });
      throw new MigrationError('plan-refused', { context: { ...context, statement: statement?.sql ?? '' }, cause: error });
    }
  }

  async #qualified(tables: readonly TableName[]): Promise<readonly SchemaTable[]> {
    if (tables.length === 0) return [];
    await this.#session.query("SELECT set_config('search_path', '', true)");
    return introspectTables(this.#session, tables);
  }
}

function movedScope(scope: PlanScope, shadows: ShadowSchemas): SnapshotScope {
  const move = (names: readonly TableName[]): readonly TableName[] => names.map((name) => moved(name, shadows));
  return {
    extensions: scope.extensions,
    schemas: scope.schemas.map((schema) => shadows.shadowOf(schema)),
    types: move(scope.types),
    sequences: move(scope.sequences),
    tables: move(scope.tables),
  };
}

function moved(name: TableName, shadows: ShadowSchemas): TableName {
  return { schema: shadows.shadowOf(name.schema), table: name.table };
}

export function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
