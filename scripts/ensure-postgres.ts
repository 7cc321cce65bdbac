/**
 * Gets PostgreSQL with pgvector onto a Debian or Ubuntu machine, for tests and benchmarks. Does nothing when both are there.
 * A packaged pgvector is preferred; Debian 12 has none, so Debian 13's source package is built against the installed server (20 s).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findApt, type Apt } from './apt.ts';
import { findPostgres, type PostgresInstallation } from './find-postgres.ts';

/** null when PostgreSQL with pgvector is there in the end; else one sentence that says what is missing and why. */
export function ensurePostgres(say: (line: string) => void): string | null {
  const before = findPostgres();
  if (before?.pgvector) return tell(before, say);
  const apt = findApt();
  if (typeof apt === 'string') return `PostgreSQL with pgvector: ${before === null ? 'no server found' : 'no pgvector found'}, and ${apt}`;
  try {
    apt.update(say);
    const server = before ?? installServer(apt, say);
    if (server.pgvector === null) addPgvector(apt, server, say);
  } catch (error) {
    return `PostgreSQL with pgvector: ${error instanceof Error ? error.message : String(error)}`;
  }
  const after = findPostgres();
  return after?.pgvector
    ? tell(after, say)
    : 'PostgreSQL with pgvector: the installation ended without an error, but no pgvector was found';
}

function tell(installation: PostgresInstallation, say: (line: string) => void): null {
  say(`PostgreSQL ${installation.version} with pgvector ${installation.pgvector ?? '?'} in ${installation.bin}`);
  return null;
}

function installServer(apt: Apt, say: (line: string) => void): PostgresInstallation {
  apt.install(['postgresql'], say);
  const server = findPostgres();
  if (server === null) throw new Error('the package `postgresql` brought no server');
  return server;
}

function addPgvector(apt: Apt, server: PostgresInstallation, say: (line: string) => void): void {
  const name = `postgresql-${server.version}-pgvector`;
  if (apt.knows(name)) return apt.install([name], say);
  const archive = debianArchive();
  if (archive === null) throw new Error(`there is no package ${name}, and no Debian archive is configured to build it from`);
  apt.install([`postgresql-server-dev-${server.version}`, 'gcc', 'make', 'libc6-dev', 'dpkg-dev'], say);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pgvector-'));
  try {
    say("building pgvector from Debian 13's source package");
    buildPgvector(apt, server, archive, folder);
  } finally {
    apt.run('rm', ['-rf', folder]);
  }
}

/** Address of the Debian archive that this machine already uses (a mirror, as a rule). */
function debianArchive(): string | null {
  const format = '$(ORIGIN)|$(REPO_URI)|$(CODENAME)';
  const lines = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], { encoding: 'utf8' }).split('\n');
  const main = lines
    .map((line) => line.split('|'))
    .find(([origin, , codename]) => origin === 'Debian' && codename !== undefined && !codename.includes('security'));
  return main?.[1] ?? null;
}

/** Fetches with an apt configuration of its own, so that the machine's package lists stay as they are. */
function buildPgvector(apt: Apt, server: PostgresInstallation, archive: string, folder: string): void {
  mkdirSync(join(folder, 'lists/partial'), { recursive: true });
  mkdirSync(join(folder, 'source'));
  writeFileSync(
    join(folder, 'sources.list'),
    `deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${archive} trixie main\n`,
  );
  chmodSync(folder, 0o755);
  const own = [
    `Dir::State::lists=${folder}/lists`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    'Dir::Etc::sourceparts=-',
    'APT::Get::List-Cleanup=0',
    'APT::Sandbox::User=root',
  ];
  const flags = own.flatMap((option) => ['-o', option]);
  apt.run('apt-get', [...flags, 'update', '-q']);
  apt.run('apt-get', [...flags, 'source', '-q', 'pgvector'], { cwd: join(folder, 'source') });
  const tree = readdirSync(join(folder, 'source'), { withFileTypes: true }).find((entry) => entry.isDirectory());
  if (tree === undefined) throw new Error('the source package of pgvector could not be unpacked');
  const make = ['with_llvm=no', 'OPTFLAGS=', `PG_CONFIG=${server.bin}/pg_config`];
  const cwd = join(folder, 'source', tree.name);
  apt.run('make', ['-s', ...make], { cwd });
  apt.run('make', ['-s', 'install', ...make], { cwd });
}

if (import.meta.main) {
  const missing = ensurePostgres((line) => console.log(line));
  if (missing !== null) {
    console.error(missing);
    process.exitCode = 1;
  }
}
