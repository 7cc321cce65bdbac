import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { MigrationError } from '../../../../../src/core/errors.ts';
import { parsePostgresUrl, redactUrl } from '../../../../../src/core/target/postgres/connection-string.ts';
import type { PostgresConnection } from '../../../../../src/core/target/target.ts';

const base: PostgresConnection = {
  host: 'db',
  port: 5432,
  database: 'shop',
  user: 'app',
  password: null,
  sslMode: 'prefer',
  sslRootCert: null,
};

describe('parsePostgresUrl', () => {
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'sluice-home-'));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  const cases: readonly (readonly [url: string, environment: Record<string, string>, changes: Partial<PostgresConnection>])[] = [
    ['postgresql://app:pw@db/shop', {}, { password: 'pw' }],
    ['postgres://app:pw@db:6543/shop', {}, { password: 'pw', port: 6543 }],
    ['postgresql://app:p%40s%3As%2F%25@db/shop', {}, { password: 'p@s:s/%' }],
    ['postgresql://a%40b:x@db/sh%20op', {}, { user: 'a@b', password: 'x', database: 'sh op' }],
    ['postgresql://app@[::1]:7/shop', {}, { host: '::1', port: 7 }],
    ['postgresql://app@/shop?host=/run/pg', {}, { host: '/run/pg' }],
    ['postgresql://app@%2Frun%2Fpg/shop', {}, { host: '/run/pg' }],
    ['postgresql://?host=db&user=app&dbname=shop&port=9&password=p%26w', {}, { port: 9, password: 'p&w' }],
    ['postgresql://db/shop?user=app', {}, {}],
    ['postgresql://app@db', {}, { database: 'app' }],
    [
      'postgresql://',
      { PGHOST: 'db', PGPORT: '7', PGUSER: 'app', PGPASSWORD: 'pw', PGDATABASE: 'shop', PGSSLMODE: 'require' },
      { port: 7, password: 'pw', sslMode: 'require' },
    ],
    [
      'postgresql://app:mine@db:5432/shop?sslmode=disable',
      { PGHOST: 'x', PGPORT: '7', PGUSER: 'x', PGPASSWORD: 'x', PGDATABASE: 'x', PGSSLMODE: 'require' },
      { password: 'mine', sslMode: 'disable' },
    ],
    ['postgresql://app@db/shop?sslmode=verify-full&sslrootcert=/ca.crt', {}, { sslMode: 'verify-full', sslRootCert: '/ca.crt' }],
    ['postgresql://app@db/shop?sslmode=verify-ca&sslrootcert=system', { PGSSLROOTCERT: '/other.crt' }, { sslMode: 'verify-ca' }],
    ['postgresql://app@db/shop?sslmode=allow', {}, { sslMode: 'prefer' }],
    ['postgresql://app@db/shop?schema=public&connection_limit=5&application_name=x', {}, {}],
  ];
  for (const [url, environment, changes] of cases) {
    it(`${url} with ${JSON.stringify(environment)}`, () => assert.deepEqual(parsePostgresUrl(url, environment), { ...base, ...changes }));
  }

  it('takes the operating system’s user and a local server when nothing is said', () => {
    const { host, user, database, port } = parsePostgresUrl('postgresql://', { PGPORT: '59999' });
    assert.deepEqual(
      { host, user, database, port },
      { host: 'localhost', user: userInfo().username, database: userInfo().username, port: 59999 },
    );
  });

  it('takes libpq’s own root certificate where it exists, for the modes that verify', () => {
    const file = join(home, '.postgresql', 'root.crt');
    mkdirSync(join(home, '.postgresql'));
    writeFileSync(file, '');
    assert.equal(parsePostgresUrl('postgresql://app@db/shop?sslmode=verify-full', { HOME: home }).sslRootCert, file);
    assert.equal(parsePostgresUrl('postgresql://app@db/shop?sslmode=require', { HOME: home }).sslRootCert, null);
  });

  describe('password file', () => {
    const lines = [
      '# db:5432:shop:app:comment',
      'db:5432:other:app:wrong database',
      'db:1:*:*:wrong port',
      'd\\:b:*:*:app:colon\\:and\\\\back:slash',
      '*:5432:shop:app:any host',
      'localhost:*:*:*:local',
    ];
    let file: string;
    before(() => {
      file = join(home, '.pgpass');
      writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    });
    const password = (url: string, environment: Record<string, string>): string | null => parsePostgresUrl(url, environment).password;

    it('gives the first line that fits', () => {
      assert.equal(password('postgresql://app@db/shop', { HOME: home }), 'any host');
      assert.equal(password('postgresql://app@db/shop', { PGPASSFILE: file }), 'any host');
      assert.equal(password(`postgresql://app@db/shop?passfile=${file}`, {}), 'any host');
      assert.equal(password('postgresql://app@%2Frun%2Fpg/x', { HOME: home }), 'local');
      assert.equal(password('postgresql://app@x/y?host=d:b', { HOME: home }), 'colon:and\\back:slash');
      assert.equal(password('postgresql://other@db/shop', { HOME: home }), null);
    });

    it('comes after the URL and PGPASSWORD', () => {
      assert.equal(password('postgresql://app:own@db/shop', { HOME: home }), 'own');
      assert.equal(password('postgresql://app@db/shop', { HOME: home, PGPASSWORD: 'variable' }), 'variable');
    });

    it('is not used when others may read it', () => {
      chmodSync(file, 0o644);
      assert.equal(password('postgresql://app@db/shop', { HOME: home }), null);
    });
  });

  for (const [url, detail] of [
    ['mysql://app:Qx7secret@db/shop', /does not start with postgresql/],
    ['postgresql://app:Qx7secret@db:port/shop', /cannot be read/],
    ['postgresql://app:Qx7secret@one,two:x/shop', /cannot be read/],
    ['postgresql://app:Qx7secret@db:99999/shop', /cannot be read|not a port/],
    ['postgresql://app:Qx7secret@db/shop?port=x', /"x" is not a port/],
    ['postgresql://app:Qx7secret@db/shop?sslmode=on', /"on" is not an sslmode/],
    ['postgresql://app:Qx7secret@db/shop?sslkey=/k', /"sslkey" is not supported/],
    ['postgresql://app:Qx7secret#x@db/shop', /./],
  ] as const) {
    it(`refuses ${redactUrl(url)} without telling the password`, () => {
      let failure: unknown;
      try {
        failure = parsePostgresUrl(url, {}).host;
      } catch (error) {
        failure = error;
      }
      if (failure instanceof MigrationError) {
        assert.equal(failure.code, 'bad-target-url');
        assert.match(failure.message, detail);
      }
      assert.ok(!inspect(failure, { depth: 20, showHidden: true }).includes('Qx7secret'));
    });
  }
});

describe('redactUrl', () => {
  for (const [url, shown] of [
    ['postgresql://app:secret@db:5432/shop', 'postgresql://app:***@db:5432/shop'],
    ['postgresql://app:se@cr:et@db/shop?x=1', 'postgresql://app:***@db/shop?x=1'],
    ['postgresql://app@db/shop', 'postgresql://app@db/shop'],
    ['postgresql://db/shop?user=a&password=secret&sslpassword=secret', 'postgresql://db/shop?user=a&password=***&sslpassword=***'],
    ['postgresql:///shop', 'postgresql:///shop'],
    ['postgresql://db/shop?password=sec@ret', 'postgresql://db/shop?password=***'],
    ['app:secret@db', '***'],
    ['postgresql://app:sec?re=t@db/shop', 'postgresql://app:***@db/shop'],
    ['postgresql://app:secret@db/shop?user=a@b', 'postgresql://app:***@b'],
  ] as const) {
    it(url, () => assert.equal(redactUrl(url), shown));
  }
});
