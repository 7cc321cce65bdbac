import assert from 'node:assert/strict';
import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from '../../../../../src/core/errors.ts';
import { filesToCopy, type JacFiles } from '../../../../../src/core/sources/jac/jac-files.ts';
import { openAnchors, readRecords } from '../../../../../src/core/sources/jac/open-anchors.ts';
import { isBroken } from '../../../../../src/core/sources/jac/stored-record.ts';
import { readUsers } from '../../../../../src/core/sources/jac/users.ts';
import { anchorsOf, expectedGraph, inFolder, jacFolder, withCopy, withVariant } from '../../../../helpers/jac-fixtures.ts';

const signal = new AbortController().signal;

const users = { amina: 'df65b8e8-0aa2-48f3-8741-3387d44ace6c', otieno: '1191b254-795f-4bab-8a63-b56a4f95aaaf' };

function changed<T>(variant: string, change: (database: Database.Database) => void, work: (copy: JacFiles) => T): T {
  return withVariant(variant, (copy) => {
    const database = new Database(copy.data);
    change(database);
    database.close();
    return work(copy);
  });
}

describe('openAnchors', () => {
  it('X02 X05 X07 hostile records are listed, and the good ones are read', () => {
    const path = join(jacFolder, 'hostile-dumb', 'main.session');
    const expected = JSON.parse(readFileSync(join(jacFolder, 'hostile-dumb', 'expected.json'), 'utf8')) as {
      readonly good: string[];
      readonly bad: Readonly<Record<string, string>>;
      readonly raw_value_sha256: Readonly<Record<string, string>>;
    };
    const { anchors, broken } = withCopy(path, anchorsOf);
    assert.deepEqual([...anchors.keys()].sort(), expected.good.sort());
    assert.deepEqual(broken.map(({ key }) => key).sort(), Object.keys(expected.bad).sort());
    assert.deepEqual(
      broken.map(({ reason }) => reason),
      [
        'it is no anchor but a call of posix.system, which is not carried out',
        'it is no anchor but a dict',
        'it says that it is longer than it is',
        'it is no anchor but a list',
        'it ends at byte 11, in the middle of a value',
        'it takes a value that is not there',
        'it is no anchor but a list',
        'it is no anchor but a dict',
        'it is empty',
        'it is a pickle of protocol 127, and only 0 to 5 are known',
        'it has the opcode 0x82 at byte 2, which is not read',
      ],
    );
    const sums = withCopy(path, (copy) =>
      [...readRecords(copy)].map((each) => [each.key, isBroken(each) ? '' : createHash('sha256').update(each.value).digest('hex')]),
    );
    assert.deepEqual(Object.fromEntries(sums), expected.raw_value_sha256);
  });

  it('X01 what is pending in a -wal counts, and without it the rest is read', () => {
    withVariant('shelve-sqlite3-wal-0.9.6-py313', (copy) => {
      assert.equal(anchorsOf(copy).anchors.size, 133);
      for (const suffix of ['-wal', '-shm']) rmSync(copy.data + suffix, { force: true });
      assert.equal(anchorsOf(copy).anchors.size, 40);
    });
  });

  it('gives a store again as often as it is read, and byte for byte untouched', () => {
    for (const variant of ['shelve-gdbm-0.9.6', 'shelve-dumb-0.9.6-py312', 'shelve-ndbm-bdb-0.9.6', 'sqlite-json-0.14.1'])
      withVariant(variant, (copy) => {
        const bytes = filesToCopy(copy).map((file) => readFileSync(file));
        const reader = openAnchors(copy);
        const ids = [1, 2].map(() => [...reader.read(signal)].map((each) => ('id' in each ? each.id : '')));
        reader.close();
        assert.equal(ids[0]!.length, Number(expectedGraph(variant).raw_key_count));
        assert.deepEqual(ids[0], ids[1]);
        assert.deepEqual(
          filesToCopy(copy).map((file) => readFileSync(file)),
          bytes,
        );
      });
  });

  it('ends at a record when it is cancelled, and lets go when it is not read to its end', () => {
    for (const variant of ['shelve-gdbm-0.9.6', 'sqlite-pickle-0.9.15'])
      withVariant(variant, (copy) => {
        const controller = new AbortController();
        const reader = openAnchors(copy);
        let read = 0;
        assert.throws(
          () => {
            for (const _ of reader.read(controller.signal)) if (++read === 3) controller.abort();
          },
          (error) => error instanceof MigrationError && error.code === 'cancelled',
        );
        assert.equal(read, 3);
        for (const _ of reader.read(signal)) break;
        const left = reader.read(signal)[Symbol.iterator]();
        left.next();
        reader.close();
        assert.equal(left.next().done, true);
      });
  });

  it('X10 lists what has no value, another format, too many bytes, or was put aside by Jac', () => {
    const id = (digit: number): string => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`;
    const insert = "INSERT INTO anchors (id, type, data, format_version) VALUES (?, 'NodeAnchor', ?, ?)";
    const { anchors, broken } = changed(
      'sqlite-json-0.14.1',
      (database) => {
        database.prepare(insert).run(id(1), '{}', 2);
        database.prepare(insert).run(id(2), Buffer.alloc((64 << 20) + 1), 1);
        database.prepare(insert).run('no id', '{}', 1);
        database.prepare(insert).run(id(3), '[1', 1);
        database.prepare('INSERT INTO anchors_quarantine (id, error) VALUES (?, ?)').run(id(4), `no class Report\n${'x'.repeat(999)}`);
        database.exec('CREATE TABLE anchors_legacy_pickle (id TEXT, data BLOB); INSERT INTO anchors_legacy_pickle VALUES (1, 2), (3, 4)');
      },
      anchorsOf,
    );
    assert.equal(anchors.size, 133);
    assert.deepEqual(
      broken.map(({ key, reason }) => [key, reason.slice(0, 60)]),
      [
        [id(1), 'it is written in format 2, and only 1 is known'],
        [id(2), 'it has 67108865 bytes, more than 67108864'],
        ['no id', 'its key is no UUID'],
        [id(3), 'it is no JSON: at character 2 there is no comma or ]'],
        [id(4), 'Jac itself has put it aside: no class Report\\x0axxxxxxxxxxxx'],
        ['', 'an upgrade of Jac was not finished: 2 records of the old for'],
      ],
    );
  });

  it('X02 reads nothing from a table that is computed', () => {
    for (const schema of [
      'CREATE TABLE other (a)',
      "CREATE VIEW anchors AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS data FROM n",
      'CREATE VIRTUAL TABLE anchors USING fts5(id, data)',
      'CREATE TABLE anchors (id TEXT PRIMARY KEY, data BLOB GENERATED ALWAYS AS (zeroblob(1000000000)))',
    ])
      inFolder((folder) => {
        const data = join(folder, 'main.db');
        const database = new Database(data);
        database.exec(schema);
        database.close();
        assert.throws(
          () => anchorsOf({ form: 'sqlite', name: data, data, users: null }),
          (error) => error instanceof MigrationError && error.code === 'corrupt-store',
          schema,
        );
      });
  });

  it('names what is wrong with a whole store', () => {
    inFolder((folder) => {
      const data = join(folder, 'main.db');
      const files: JacFiles = { form: 'sqlite', name: data, data, users: null };
      assert.throws(
        () => anchorsOf({ ...files, form: 'gdbm', data: join(folder, 'none') }),
        (error) => error instanceof MigrationError && error.code === 'no-such-file',
      );
    });
  });
});

describe('readUsers', () => {
  it('X08 gives names and roots, and nothing else', () => {
    assert.deepEqual(Object.fromEntries(withVariant('serve-sqlite3-0.8.10-py313', readUsers)), users);
    assert.equal(withVariant('shelve-gdbm-0.9.6', readUsers).size, 0);
  });

  it('X08 asks a table of users for their names and roots alone', () => {
    const found = changed(
      'sqlite-json-0.14.1',
      (database) => {
        database.exec('CREATE TABLE users (username TEXT, password_hash TEXT, token TEXT, root_id TEXT)');
        database
          .prepare("INSERT INTO users VALUES ('amina', 'secret', 'secret', ?), ('nobody', 'secret', 'secret', NULL)")
          .run(users.amina.replaceAll('-', ''));
      },
      readUsers,
    );
    assert.deepEqual([...found], [['amina', users.amina]]);
  });

  it('tells that a list of users is none, without its content', () => {
    inFolder((folder) => {
      const data = join(folder, 'main.session');
      copyFileSync(join(jacFolder, 'shelve-gdbm-0.9.6', 'main.session'), data);
      const list = `${data}.users.json`;
      writeFileSync(list, '{"__jac_users__": {"amina": {"token": "secret-token"');
      const files: JacFiles = { form: 'gdbm', name: data, data, users: list };
      assert.throws(
        () => readUsers(files),
        (error) =>
          error instanceof MigrationError &&
          error.code === 'unreadable-file' &&
          !JSON.stringify([error.message, error.context]).includes('secret'),
      );
      writeFileSync(list, '[]');
      assert.equal(readUsers(files).size, 0);
    });
  });
});
