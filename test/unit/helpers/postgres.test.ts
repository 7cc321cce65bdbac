import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { requirePostgres, startCluster, type Cluster, type OwnCluster } from '../../helpers/postgres.ts';

describe('PostgreSQL for tests', () => {
  let cluster: Cluster;

  before(async function () {
    cluster = await requirePostgres(this);
  });

  it('has pgvector', async () => {
    const url = await cluster.createDatabase();
    const database = new URL(url).pathname.slice(1);
    const distance = await cluster.psql(`CREATE EXTENSION vector; SELECT '[3,4]'::vector <-> '[0,0]'`, database);
    await cluster.dropDatabase(database);
    assert.equal(distance, '5');
  });

  it('gives the server’s own words when a script fails', async () => {
    await assert.rejects(cluster.psql('SELECT 1; SELECT nothing'), /column "nothing" does not exist/);
  });

  it('asks users other than postgres for a password', async () => {
    const user = `with_password_${process.pid}`;
    await cluster.createUser(user, "p'w d");
    const login = (password: string): string =>
      execFileSync(`${cluster.bin}/psql`, ['-X', '-A', '-t', '-c', 'SELECT current_user', cluster.url('postgres', { user, password })], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    assert.equal(login("p'w d").trim(), user);
    assert.throws(() => login('wrong'), /password authentication failed/);
  });
});

describe('a PostgreSQL server of a test’s own', () => {
  let cluster: OwnCluster;

  before(async function () {
    await requirePostgres(this);
    cluster = await startCluster({ fsync: true });
  });

  after(() => cluster.remove());

  it('keeps what was committed over a crash', async () => {
    assert.equal(await cluster.psql('SHOW fsync'), 'on');
    await cluster.psql('CREATE TABLE kept AS SELECT 1 AS v');
    await cluster.stop('immediate');
    await assert.rejects(cluster.psql('SELECT 1'), /refused/);
    await cluster.start();
    assert.equal(await cluster.psql('SELECT v FROM kept'), '1');
  });

  it('ends with the process that started it, even when that is killed', async function () {
    if (!existsSync('/usr/bin/setpriv')) this.skip();
    const script = `import { startCluster } from './test/helpers/postgres.ts';
      const c = await startCluster(); console.log(c.pid, c.folder); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const [pid, folder] = line.toString().trim().split(' ') as [string, string];
    child.kill('SIGKILL');
    for (let i = 0; i < 100 && alive(Number(pid)); i++) await sleep(100);
    rmSync(folder, { recursive: true, force: true });
    assert.equal(alive(Number(pid)), false);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
