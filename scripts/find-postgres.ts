import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A PostgreSQL server installation on this machine. */
export interface PostgresInstallation {
  /** Major version. */
  readonly version: number;
  /** Folder of initdb, postgres, psql, pg_dump. */
  readonly bin: string;
  /** Version of pgvector that can be created in it, null when there is none. */
  readonly pgvector: string | null;
}

const debianRoot = '/usr/lib/postgresql';

/** The newest installation that has pgvector, else the newest one; null when there is no server. */
export function findPostgres(): PostgresInstallation | null {
  const found = [...new Set(candidateFolders())].map(describeInstallation).filter((entry) => entry !== null);
  found.sort((a, b) => Number(b.pgvector !== null) - Number(a.pgvector !== null) || b.version - a.version);
  return found[0] ?? null;
}

function candidateFolders(): string[] {
  const debian = existsSync(debianRoot) ? readdirSync(debianRoot).map((version) => join(debianRoot, version, 'bin')) : [];
  return [...debian, ...pathFolders()];
}

function pathFolders(): string[] {
  return (process.env['PATH'] ?? '').split(':').filter((folder) => existsSync(join(folder, 'initdb')));
}

function describeInstallation(bin: string): PostgresInstallation | null {
  if (!existsSync(join(bin, 'initdb')) || !existsSync(join(bin, 'postgres'))) return null;
  const version = Number(/\d+/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[0]);
  return Number.isInteger(version) ? { version, bin, pgvector: pgvectorVersion(bin, version) } : null;
}

function pgvectorVersion(bin: string, version: number): string | null {
  const control = [`/usr/share/postgresql/${version}`, join(bin, '../share'), join(bin, '../share/postgresql')]
    .map((share) => join(share, 'extension/vector.control'))
    .find((file) => existsSync(file));
  if (control === undefined) return null;
  return /default_version\s*=\s*'([^']+)'/.exec(readFileSync(control, 'utf8'))?.[1] ?? 'unknown';
}
