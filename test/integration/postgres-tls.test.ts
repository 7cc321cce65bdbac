import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MigrationError } from '../../src/core/errors.ts';
import { parsePostgresUrl } from '../../src/core/target/postgres/connection-string.ts';
import { openPostgresTarget } from '../../src/core/target/postgres/open-postgres-target.ts';
import type { PostgresConnection } from '../../src/core/target/target.ts';
import { notCovered, requirePostgres, startCluster, type OwnCluster } from '../helpers/postgres.ts';

describe('connecting to PostgreSQL with TLS', function () {
  this.timeout(60_000);
  let folder: string;
  let cluster: OwnCluster;

  before(async function () {
    await requirePostgres(this);
    if (spawnSync('openssl', ['version']).status !== 0) {
      notCovered('TLS to PostgreSQL: there is no openssl to make a certificate with');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'sluice-tls-'));
    chmodSync(folder, 0o755);
    makeCertificate(folder);
    cluster = await startCluster({
      settings: { ssl: 'on', ssl_cert_file: join(folder, 'server.crt'), ssl_key_file: join(folder, 'server.key') },
    });
    await cluster.createUser('only_tls', 'secret one');
    await cluster.createUser('only_plain', 'secret two');
    const rules = [
      'host all postgres 127.0.0.1/32 trust',
      'hostssl all only_tls 127.0.0.1/32 scram-sha-256',
      'hostnossl all only_plain 127.0.0.1/32 scram-sha-256',
    ];
    writeFileSync(join(cluster.folder, 'data', 'pg_hba.conf'), `${rules.join('\n')}\n`);
    await cluster.psql('SELECT pg_reload_conf()');
    await sleep(300);
  });
  after(async () => {
    await cluster?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const connection = (user: string, password: string, changes: Partial<PostgresConnection>): PostgresConnection => ({
    ...parsePostgresUrl(cluster.url('postgres', { user, password }), {}),
    ...changes,
  });
  const tls = (changes: Partial<PostgresConnection>): PostgresConnection => connection('only_tls', 'secret one', changes);
  const certificate = (): string => join(folder, 'server.crt');

  async function isEncrypted(settings: PostgresConnection): Promise<boolean> {
    const target = await openPostgresTarget(settings, 'sluice test');
    const { rows } = await target.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    await target.close();
    return rows[0]?.['ssl'] === true;
  }
  async function failsWith(code: string, settings: PostgresConnection): Promise<void> {
    await assert.rejects(openPostgresTarget(settings, 'sluice test'), (error) => {
      assert.ok(error instanceof MigrationError);
      assert.equal(error.code, code, error.message);
      return true;
    });
  }

  it('prefer: encrypts where the server can, and not where it does not want it', async () => {
    assert.equal(await isEncrypted(tls({ sslMode: 'prefer' })), true);
    assert.equal(await isEncrypted(connection('only_plain', 'secret two', { sslMode: 'prefer' })), false);
  });

  it('disable: tls-required where the server insists', () => failsWith('tls-required', tls({ sslMode: 'disable' })));

  it('require: encrypts without a look at the certificate, unless one is named', async () => {
    assert.equal(await isEncrypted(tls({ sslMode: 'require' })), true);
    assert.equal(await isEncrypted(tls({ sslMode: 'require', sslRootCert: certificate() })), true);
    await failsWith('role-not-allowed', connection('only_plain', 'secret two', { sslMode: 'require' }));
  });

  it('verify-ca and verify-full: trust a named certificate only', async () => {
    for (const sslMode of ['verify-ca', 'verify-full'] as const) {
      await failsWith('tls-not-trusted', tls({ sslMode }));
      assert.equal(await isEncrypted(tls({ sslMode, sslRootCert: certificate() })), true);
    }
    await failsWith('bad-target-url', tls({ sslMode: 'verify-full', sslRootCert: join(folder, 'missing.crt') }));
  });

  it('verify-full alone looks at the host name', async () => {
    assert.equal(await isEncrypted(tls({ host: 'localhost', sslMode: 'verify-ca', sslRootCert: certificate() })), true);
    await failsWith('tls-not-trusted', tls({ host: 'localhost', sslMode: 'verify-full', sslRootCert: certificate() }));
  });

  it('cancels and copies over TLS', async () => {
    const target = await openPostgresTarget(tls({ sslMode: 'verify-full', sslRootCert: certificate() }), 'sluice test');
    const long = assert.rejects(
      target.query('SELECT pg_sleep(20)'),
      (error) => error instanceof MigrationError && error.code === 'statement-cancelled',
    );
    await sleep(100);
    await target.cancel();
    await long;
    await target.query('CREATE TEMPORARY TABLE t (v text)');
    const copy = await target.copyIn('COPY t FROM STDIN');
    const buffer = Buffer.alloc(100_000);
    for (let i = 0; i < 20; i++) {
      buffer.fill(`${i % 10}`.repeat(99) + '\n');
      await copy.write(buffer);
    }
    assert.equal(await copy.end(), 20_000);
    const { rows } = await target.query('SELECT count(DISTINCT v)::int AS kinds, min(length(v)) AS short, max(length(v)) AS long FROM t');
    assert.deepEqual({ ...rows[0] }, { kinds: 10, short: 99, long: 99 });
    await target.close();
  });
});

/** For 127.0.0.1 and no host name. The server reads its key only when nobody else may. */
function makeCertificate(folder: string): void {
  const files = ['-keyout', join(folder, 'server.key'), '-out', join(folder, 'server.crt')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=sluice',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      ...files,
    ],
    { stdio: 'ignore' },
  );
  chmodSync(join(folder, 'server.key'), 0o600);
  if (process.getuid?.() !== 0) return;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  for (const file of ['server.key', 'server.crt']) chownSync(join(folder, file), id('-u'), id('-g'));
}
