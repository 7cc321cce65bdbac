import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesToCopy } from '../../../../../src/core/sources/jac/jac-files.ts';
import { recogniseJac } from '../../../../../src/core/sources/jac/recognise.ts';
import { berkeleyFile, dumbFilesOf, gdbmFile } from '../../../../helpers/dbm-writer.ts';
import { inFolder, jacFolder, jacVariants } from '../../../../helpers/jac-fixtures.ts';

const forms: Readonly<Record<string, readonly [form: string, ...files: string[]]>> = {
  'shelve-gdbm-0.9.6': ['gdbm', 'main.session'],
  'shelve-dumb-0.9.6-py312': ['dumb', 'main.session.dat', 'main.session.dir', 'main.session.bak'],
  'shelve-ndbm-bdb-0.9.6': ['berkeley', 'main.session.db'],
  'serve-sqlite3-0.8.10-py313': ['sqlite', 'main.session', 'main.session.users.json'],
  'shelve-sqlite3-wal-0.9.6-py313': ['sqlite', 'main.session', 'main.session-wal'],
  'sqlite-pickle-0.9.15': ['sqlite', 'main.db'],
  'sqlite-json-0.14.1': ['sqlite', 'main.db'],
};

const uuidKey = '78a415c6-5563-40d0-8c21-4ef44e61bfbd';

describe('recogniseJac', () => {
  for (const [variant, [form, ...files]] of Object.entries(forms))
    it(`X01 X10 ${variant} is ${form}, with ${files.join(', ')}`, () => {
      const path = join(jacFolder, variant, jacVariants[variant]!);
      const before = readdirSync(join(path, '..')).map((name) => [name, statSync(join(path, '..', name)).mtimeMs]);
      const found = recogniseJac(path)!;
      assert.deepEqual([found.form, found.name], [form, path]);
      assert.deepEqual(
        filesToCopy(found).map((file) => basename(file)),
        files,
      );
      const after = readdirSync(join(path, '..')).map((name) => [name, statSync(join(path, '..', name)).mtimeMs]);
      assert.deepEqual(after, before, 'nothing is laid beside it, nothing is touched');
    });

  it('X01 takes each file of a store for it', () => {
    const folder = join(jacFolder, 'shelve-dumb-0.9.6-py312');
    const named = recogniseJac(join(folder, 'main.session'));
    for (const suffix of ['.dat', '.dir', '.bak']) assert.deepEqual(recogniseJac(join(folder, `main.session${suffix}`)), named);
    const berkeley = join(jacFolder, 'shelve-ndbm-bdb-0.9.6', 'main.session');
    assert.deepEqual(recogniseJac(`${berkeley}.db`), recogniseJac(berkeley));
  });

  it('X01 finds the .pag of GNU dbm that plays ndbm, and users beside what is called otherwise', () => {
    inFolder((folder) => {
      const file = gdbmFile({ magic: 0x13579acf, order: 'little', width: 8 }, [[uuidKey, Buffer.from('x')]]);
      writeFileSync(join(folder, 'main.session.pag'), file);
      writeFileSync(join(folder, 'main.session.dir'), '');
      writeFileSync(join(folder, 'main.session.users.json'), '{}');
      const name = join(folder, 'main.session');
      assert.deepEqual(recogniseJac(name), { form: 'gdbm', name, data: `${name}.pag`, users: `${name}.users.json` });
      const other = join(folder, 'other');
      writeFileSync(`${other}.db`, berkeleyFile('little', [[uuidKey, Buffer.from('x')]]));
      writeFileSync(`${other}.users.json`, '{}');
      assert.deepEqual(recogniseJac(`${other}.db`), { form: 'berkeley', name: other, data: `${other}.db`, users: `${other}.users.json` });
    });
  });

  it('takes no other store for one of Jac', () => {
    inFolder((folder) => {
      const at = (name: string, content?: Uint8Array | string): string => {
        if (content !== undefined) writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const strangers = [['man', Buffer.from('x')]] as const;
      assert.equal(recogniseJac(at('gdbm', gdbmFile({ magic: 0x13579acf, order: 'little', width: 8 }, strangers))), null);
      assert.equal(recogniseJac(at('bdb', berkeleyFile('little', strangers))), null);
      const dumb = dumbFilesOf(strangers);
      at('dumb.dat', dumb.dat);
      assert.equal(recogniseJac(at('dumb.dir', dumb.dir)), null);
      assert.equal(recogniseJac(at('only.dir', `'${uuidKey}', (0, 1)\n`)), null, 'without its .dat');
      assert.equal(recogniseJac(at('text', 'hello')), null);
      assert.equal(recogniseJac(at('empty', '')), null);
      assert.equal(recogniseJac(at('missing')), null);
      mkdirSync(at('folder'));
      assert.equal(recogniseJac(at('folder')), null);
    });
  });

  it('X10 takes an SQLite file for one of Jac only by its tables and keys', () => {
    const shelf = 'CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)';
    const looks = (...statements: string[]): boolean =>
      inFolder((folder) => {
        const path = join(folder, 'main.db');
        const database = new Database(path);
        for (const statement of statements) database.exec(statement);
        database.close();
        return recogniseJac(path) !== null;
      });
    const put = (key: string, value: string): string => `INSERT INTO Dict VALUES (CAST('${key}' AS BLOB), CAST('${value}' AS BLOB))`;
    assert.equal(looks(shelf, put(uuidKey, 'NodeAnchor')), true);
    assert.equal(looks(shelf, put('name', 'NodeAnchor')), false);
    assert.equal(looks(shelf, put(uuidKey, 'other')), false);
    assert.equal(looks(shelf), false);
    assert.equal(looks('CREATE TABLE anchors (id TEXT PRIMARY KEY, data BLOB NOT NULL)'), true);
    assert.equal(looks('CREATE TABLE anchors (id TEXT PRIMARY KEY, arch_type TEXT, data TEXT, format_version INTEGER)'), true);
    assert.equal(looks('CREATE TABLE anchors (id INTEGER PRIMARY KEY, ship TEXT, metres REAL)'), false);
    assert.equal(looks('CREATE TABLE Dictionary (key BLOB, value BLOB)'), false);
  });

  it('X10 finds tables that are only in the -wal', () => {
    inFolder((folder) => {
      const path = join(folder, 'main.db');
      const database = new Database(path);
      database.pragma('journal_mode = wal');
      database.pragma('wal_autocheckpoint = 0');
      database.exec('CREATE TABLE anchors (id TEXT PRIMARY KEY, data BLOB NOT NULL)');
      const copy = join(folder, 'copy.db');
      for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
      database.close();
      assert.deepEqual(filesToCopy(recogniseJac(copy)!), [copy, `${copy}-wal`]);
      writeFileSync(`${copy}-wal`, '');
      assert.equal(recogniseJac(copy), null);
    });
  });

  it('takes a damaged file of the right kind for one of Jac, so that its damage is told', () => {
    inFolder((folder) => {
      const path = join(folder, 'main.session');
      const file = gdbmFile({ magic: 0x13579acf, order: 'little', width: 8 }, [[uuidKey, Buffer.from('x')]]);
      writeFileSync(path, file.subarray(0, 600));
      assert.equal(recogniseJac(path)?.form, 'gdbm');
    });
  });

  it('takes Berkeley DB 1.85 for a form of Jac where it has UUIDs, so that opening it tells that it is not read', () => {
    inFolder((folder) => {
      const path = join(folder, 'main.session.db');
      const head = Buffer.alloc(512);
      head.writeUInt32BE(0x061561, 0);
      writeFileSync(path, head);
      assert.equal(recogniseJac(path), null);
      head.write(uuidKey, 300);
      writeFileSync(path, head);
      assert.equal(recogniseJac(path)?.form, 'berkeley');
    });
  });
});
