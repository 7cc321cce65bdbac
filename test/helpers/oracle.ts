import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { notCovered } from './postgres.ts';

/** How the two sides of a column are brought to one form; see oracle.py. */
export type OracleKind =
  | 'integer'
  | 'text'
  | 'real'
  | 'bits'
  | 'decimal'
  | 'cents'
  | 'boolean'
  | 'bytes'
  | 'instant'
  | 'epoch-s'
  | 'epoch-ms'
  | 'julian'
  | 'json'
  | 'float32';

export interface OracleTable {
  readonly source: string;
  /** As SQL names it, e.g. `public.memory_tags`. */
  readonly target: string;
  /** Column → kind. The first column is the key, an integer. */
  readonly columns: Readonly<Record<string, OracleKind>>;
  /** Condition on the source's rows, for runs that rejected some. */
  readonly where?: string;
}

export interface OracleAnswer {
  readonly sourceRows: number;
  readonly targetRows: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly first: readonly string[];
}

/** Where the oracle finds the target: it runs psql on `url`, or reads lines that somebody got with `targetQuery`. */
export type OracleTarget = { readonly psql: string; readonly url: string } | { readonly file: string };

/** For a `before` hook: skips the tests where there is no Python 3, unless SLUICE_TEST_REQUIRE is `all`: then it fails. */
export function requirePython(context: Mocha.Context): void {
  if (spawnSync('python3', ['-c', 'import sqlite3']).status === 0) return;
  if (process.env['SLUICE_TEST_REQUIRE'] === 'all') throw new Error('python3 is not installed; it is the foreign oracle of these tests');
  notCovered('comparison with a foreign reader: python3 is not installed');
  context.skip();
}

/** Compares every cell with Python's sqlite3 on one side and psql on the other. */
export async function askOracle(store: string, target: OracleTarget, table: OracleTable): Promise<OracleAnswer> {
  const names = Object.keys(table.columns);
  const where = table.where === undefined ? '' : ` WHERE ${table.where}`;
  const request = {
    store,
    source: `SELECT ${names.map(quote).join(', ')} FROM ${quote(table.source)}${where} ORDER BY ${quote(names[0] as string)}`,
    kinds: Object.values(table.columns),
    target: 'file' in target ? target : { command: psqlCommand(target, table) },
  };
  return JSON.parse(await python(JSON.stringify(request))) as OracleAnswer;
}

/** One text column: each row as a JSON array of texts, ordered by the key. */
export function targetQuery(table: OracleTable): string {
  const cells = Object.entries(table.columns).map(([name, kind]) => cellText(quote(name), kind));
  return `SELECT json_build_array(${cells.join(', ')})::text FROM ${table.target} ORDER BY ${quote(Object.keys(table.columns)[0] as string)}`;
}

function cellText(column: string, kind: OracleKind): string {
  if (kind === 'instant' || kind === 'epoch-s' || kind === 'epoch-ms' || kind === 'julian')
    return `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
  if (kind === 'bytes') return `encode(${column}, 'hex')`;
  return `${column}::text`;
}

function psqlCommand(target: { readonly psql: string; readonly url: string }, table: OracleTable): readonly string[] {
  // Fetched in pieces, so that a table of a million rows is not held in memory by psql.
  return [
    target.psql,
    '-X',
    '-q',
    '-A',
    '-t',
    '-v',
    'ON_ERROR_STOP=1',
    '-v',
    'FETCH_COUNT=20000',
    '-d',
    target.url,
    '-c',
    targetQuery(table),
  ];
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function python(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('python3', [join(import.meta.dirname, 'oracle.py')], { maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`the oracle failed: ${stderr || error.message}`));
    });
    child.stdin?.end(input);
  });
}
