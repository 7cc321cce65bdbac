import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MigrationError } from '../../src/core/errors.ts';
import { rowAt, rowsIn } from '../../src/core/model/row-batch.ts';
import { InvalidText, type SourceValue } from '../../src/core/model/source-value.ts';
import { numberStates } from '../../src/core/model/value-vector.ts';
import type { Source, SourceSnapshot } from '../../src/core/sources/source.ts';
import {
  comparable,
  contractColumns,
  contractRows,
  headOf,
  inIdOrder,
  never,
  readRows,
  silent,
  storedRows,
  type ContractRow,
  type Opened,
  type Setting,
  type SourceHarness,
} from './source-setting.ts';
import { photograph } from '../helpers/photograph.ts';
import { testBounds, testCursors } from './source-reading-contract.ts';
import { testViews } from './source-view-contract.ts';

/** What every source promises (architecture §4). */
export function describeSource(name: string, harness: SourceHarness): void {
  describe(`source contract: ${name}`, function () {
    this.timeout(60_000);
    const rows = contractRows(3_000, harness.invalidText);
    const extra: Opened[] = [];
    let directory: string;
    let scratch: string;
    let opened: Opened;

    const freeze = (path: string): Promise<SourceSnapshot> => harness.kind.freeze(path, { scratch, signal: never });
    const openStore = async (stored: readonly ContractRow[]): Promise<Opened> => {
      const path = await harness.create(await mkdtemp(join(directory, 'store-')), stored);
      const snapshot = await freeze(path);
      return { path, snapshot, source: await harness.kind.attach(snapshot, silent) };
    };
    const setting = (): Setting => ({
      harness,
      rows,
      opened,
      freeze,
      open: async (stored) => {
        const store = await openStore(stored);
        extra.push(store);
        return store;
      },
    });

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'sluice-source-'));
      scratch = join(directory, 'scratch');
      await mkdir(scratch);
      opened = await openStore(rows);
    });
    afterEach(async () => {
      for (const { source } of extra.splice(0)) await source.close();
    });
    after(async () => {
      await opened.source.close();
      await rm(directory, { recursive: true, force: true });
    });

    describe('the store itself', () => testStore(setting));
    // Which of several files are meant, and that they are of one kind, is found out beside.
    if (harness.several === undefined) describe('its file', () => testFile(setting));
    describe('catalog', () => testCatalog(setting));
    describe('values', () => testValues(setting));
    describe('order and cursors', () => testCursors(setting));
    describe('bounds', () => testBounds(setting));
    describe('profile and aggregates', () => testProfile(setting));
    if (harness.sql) describe('views', () => testViews(setting));
    describe('SQL of its own', () => (harness.sql ? testSql(setting) : testNoSql(setting)));
    describe('errors', () => testErrors(setting));
  });
}

function testFile(get: () => Setting): void {
  it('is recognised by its content, whatever its name', async () => {
    const { harness, open } = get();
    const { path } = await open([]);
    const renamed = join(dirname(path), 'notes.txt');
    await rename(path, renamed);
    assert.equal(await harness.kind.accepts(renamed, await headOf(renamed)), true);
    assert.equal(await harness.kind.accepts(renamed, Buffer.from('no store at all, just words')), false);
  });
}

function testStore(get: () => Setting): void {
  it('is left byte for byte and name for name as it was, and so is its folder', async () => {
    const { harness, open, freeze, rows } = get();
    const { path } = await open(rows.slice(0, 200));
    const folder = harness.several?.root(path) ?? dirname(path);
    const before = await photograph(folder);
    const snapshot = await freeze(path);
    const source = await harness.kind.attach(snapshot, silent);
    await source.introspect();
    await source.profile('things', { signal: never });
    await readRows(source, {});
    await source.splitTable('things', 4);
    await source.aggregates('things', [...contractColumns]);
    assert.deepEqual(await photograph(folder), before);
    await source.close();
    await harness.kind.checkUnchanged(snapshot);
    assert.deepEqual(await photograph(folder), before);
  });

  it('has the same fingerprint as long as its content is the same, and another afterwards', async () => {
    const { harness, open, freeze, rows } = get();
    const { path, snapshot } = await open(rows.slice(0, 20));
    assert.equal((await freeze(path)).fingerprint, snapshot.fingerprint);
    await harness.alter(path);
    assert.notEqual((await freeze(path)).fingerprint, snapshot.fingerprint);
  });

  it('is not called changed when only its time is new', async () => {
    const { harness, open, rows } = get();
    const { path, snapshot } = await open(rows.slice(0, 20));
    await harness.kind.checkUnchanged(snapshot);
    for (const file of harness.several?.files(path) ?? [path]) await utimes(file, new Date(1e12), new Date(1e12));
    await harness.kind.checkUnchanged(snapshot);
  });

  it('is detected when it changes while it is read, unless a private copy is read, which stays what it was', async () => {
    const { harness, open, rows } = get();
    const { path, snapshot, source } = await open(rows.slice(0, 20));
    const before = await readRows(source, {});
    await harness.alter(path);
    // Of several files some may be read in place, such as the one that is altered.
    if (snapshot.temporary && harness.several === undefined) {
      assert.deepEqual(await readRows(source, {}), before);
      await harness.kind.checkUnchanged(snapshot);
    } else {
      await assert.rejects(harness.kind.checkUnchanged(snapshot), { code: 'source-changed' });
    }
  });

  it('is read in place, or from a private copy that is closed to other users', async () => {
    const { opened, harness } = get();
    if (!opened.snapshot.temporary)
      return assert.equal(opened.snapshot.path, await realpath(harness.several?.root(opened.path) ?? opened.path));
    assert.equal((await stat(opened.snapshot.path)).mode & 0o077, 0);
    assert.equal((await stat(dirname(opened.snapshot.path))).mode & 0o077, 0);
  });

  it('can be opened from its snapshot in another thread', async () => {
    const { harness, opened, rows } = get();
    const source = await harness.kind.attach(structuredClone(opened.snapshot), silent);
    assert.equal((await readRows(source, {})).length, rows.length);
    await source.close();
  });
}

function testCatalog(get: () => Setting): void {
  it('is the same each time', async () => {
    const { harness, opened } = get();
    const first = await opened.source.introspect();
    assert.deepEqual(await opened.source.introspect(), first);
    const again = await harness.kind.attach(opened.snapshot, silent);
    assert.deepEqual(await again.introspect(), first);
    assert.deepEqual(structuredClone(first), first);
    await again.close();
  });

  it('knows the columns in order and the exact number of rows', async () => {
    const { opened, rows } = get();
    const table = (await opened.source.introspect()).tables.find(({ name }) => name === 'things')!;
    assert.deepEqual(
      table.columns.filter(({ name }) => (contractColumns as readonly string[]).includes(name)).map(({ name }) => name),
      contractColumns,
    );
    assert.equal(table.rows, rows.length);
  });
}

function testValues(get: () => Setting): void {
  it('arrive exactly: NULL is null, 64 bits, the same bits of a real, bytes, invalid text with its bytes', async () => {
    const { harness, opened, rows } = get();
    const read = await readRows(opened.source, {});
    assert.deepEqual(comparable(inIdOrder(read)), comparable(storedRows(harness, rows)));
  });

  it('come in the columns asked for, in that order, also twice or none', async () => {
    const { harness, opened, rows } = get();
    const read = await readRows(opened.source, { columns: ['bytes', 'id', 'bytes'] });
    const expected = storedRows(harness, rows).map(([id, , , , bytes]) => [bytes!, id!, bytes!]);
    const byId = inIdOrder(read.map(([bytes, id, again]) => [id!, bytes!, again!])).map(([id, bytes, again]) => [bytes!, id!, again!]);
    assert.deepEqual(comparable(byId), comparable(expected));
    assert.equal((await readRows(opened.source, { columns: [] })).length, rows.length);
  });

  it('are the same by row and by column, where a batch has columns', async () => {
    const { opened } = get();
    for await (const batch of opened.source.readBatches('things', { columns: [...contractColumns], signal: never })) {
      const vectors = batch.columns?.vectors ?? [];
      assert.equal(rowsIn(batch), batch.rows.length);
      assert.equal(vectors.length, batch.columns === undefined ? 0 : contractColumns.length);
      batch.rows.forEach((values, row) => {
        assert.deepEqual(rowAt(batch, row), values);
        vectors.forEach(({ numbers }, c) => {
          if (numbers === undefined || numbers.states[row] === numberStates.elsewhere) return;
          const missing = numbers.states[row] === numberStates.missing;
          const value = values[c] ?? null;
          assert.equal(missing, value === null, contractColumns[c]);
          if (typeof value === 'bigint') assert.equal(BigInt(numbers.values[row] ?? NaN), value);
          if (typeof value === 'number') assert.ok(Object.is(numbers.values[row], value));
        });
      });
    }
  });

  it('of an empty table are no rows', async () => {
    const { open } = get();
    const { source } = await open([]);
    assert.deepEqual(await readRows(source, {}), []);
    const ranges = await source.splitTable('things', 4);
    for (const range of ranges) assert.deepEqual(await readRows(source, range), []);
    const profile = await source.profile('things', { signal: never });
    assert.equal(profile.rows, 0);
    assert.equal(profile.sample, null);
  });
}

function testProfile(get: () => Setting): void {
  it('looks at every value', async () => {
    const { harness, opened, rows } = get();
    const stored = storedRows(harness, rows);
    const told: number[] = [];
    const profile = await opened.source.profile('things', { signal: never, onRows: (count) => told.push(count) });
    assert.equal(profile.rows, rows.length);
    assert.equal(profile.sample, null);
    const sum = told.reduce((before, one) => before + one, 0);
    assert.equal(sum, rows.length);
    contractColumns.forEach((column, c) => {
      const values = stored.map((row) => row[c]!);
      const found = profile.columns.find((one) => one.column === column)!;
      const count = (test: (value: SourceValue) => boolean): number => values.filter(test).length;
      assert.equal(found.rows, rows.length);
      assert.equal(
        found.nulls,
        count((value) => value === null),
        column,
      );
      assert.equal(
        found.integers,
        count((value) => typeof value === 'bigint'),
        column,
      );
      assert.equal(
        found.reals,
        count((value) => typeof value === 'number'),
        column,
      );
      assert.equal(
        found.texts,
        count((value) => typeof value === 'string' || value instanceof InvalidText),
        column,
      );
      assert.equal(
        found.textInvalid,
        count((value) => value instanceof InvalidText),
        column,
      );
      assert.equal(
        found.blobs,
        count((value) => value instanceof Uint8Array),
        column,
      );
    });
    const whole = profile.columns.find(({ column }) => column === 'whole')!;
    const wholes = stored.flatMap((row) => (typeof row[1] === 'bigint' ? [row[1]] : []));
    const limits = wholes.length === 0 ? [null, null] : [2n ** 63n - 1n, -(2n ** 63n)];
    assert.deepEqual([whole.integerMax, whole.integerMin], limits);
    assert.equal(whole.formats.integer ?? 0, stored.filter((row) => typeof row[1] === 'string').length);
  });

  it('of a sample says so and is spread over the table', async () => {
    const { harness, opened, rows } = get();
    let told = 0;
    const profile = await opened.source.profile('things', { signal: never, sample: 200, onRows: (count) => (told += count) });
    assert.equal(told, profile.sample);
    const id = profile.columns.find(({ column }) => column === 'id')!;
    assert.equal(profile.rows, rows.length);
    assert.ok(profile.sample! > 100 && profile.sample! <= 200, `${profile.sample}`);
    assert.equal(id.rows, profile.sample);
    // Of ids as text only their length is known: some are of four digits, which none of the first 999 rows has.
    if (typeof harness.stored?.(rows[0]!)[0] === 'string') return assert.equal(id.textMaxChars, 4);
    return assert.ok(id.integerMax! > BigInt(rows.length * 0.9) && id.integerMin! < BigInt(rows.length * 0.1));
  });
}

function testErrors(get: () => Setting): void {
  const cases: readonly (readonly [string, (source: Source) => Promise<unknown>, string])[] = [
    ['a table that is not there', (source) => readRows(source, {}, 'nothing'), 'no-such-source-table'],
    ['a column that is not there', (source) => readRows(source, { columns: ['nothing'] }), 'no-such-source-column'],
    ['a cursor that is none', (source) => readRows(source, { after: 'nonsense' }), 'invalid-cursor'],
  ];
  for (const [what, work, code] of cases) {
    it(`${what}: ${code}`, async () => {
      await assert.rejects(work(get().opened.source), (error: unknown) => error instanceof MigrationError && error.code === code);
    });
  }
}

function testSql(get: () => Setting): void {
  it('is told', () => assert.equal(get().opened.source.capabilities.sql, true));

  it("aggregates come from the store's own SQL and are exact", async () => {
    const { opened, rows } = get();
    const found = await opened.source.aggregates('things', [...contractColumns]);
    const nulls = (c: number): string => String(rows.filter((row) => row[c] === null).length);
    const whole = rows.flatMap((row) => (row[1] === null ? [] : [row[1]]));
    const bytes = rows.flatMap((row) => (row[4] === null ? [] : [row[4].length]));
    assert.deepEqual(
      found.map(({ column }) => column),
      contractColumns,
    );
    assert.deepEqual(
      found.map((one) => one.nulls),
      [0, 1, 2, 3, 4].map(nulls),
    );
    assert.equal(found[1]!.sum, String(whole.reduce((a, b) => a + b)));
    assert.equal(found[1]!.min, String(-(2n ** 63n)));
    assert.equal(found[1]!.max, String(2n ** 63n - 1n));
    assert.equal(found[1]!.distinct, String(new Set(whole).size));
    assert.equal(found[4]!.length, String(bytes.reduce((a, b) => a + b)));
  });

  it('a query that writes: source-query-refused', async () => {
    const { opened } = get();
    assert.deepEqual(await opened.source.query('SELECT 1, NULL'), [['1', null]]);
    await assert.rejects(opened.source.query('DELETE FROM things'), { code: 'source-query-refused' });
    await assert.rejects(opened.source.query('SELEC'), { code: 'source-query-refused' });
  });
}

/** What needs SQL is refused by name, and nothing is computed by us in its place. */
function testNoSql(get: () => Setting): void {
  it('is not claimed', () => assert.equal(get().opened.source.capabilities.sql, false));

  const view = { filter: 'id = 1', sort: [], columns: null };
  const cases: readonly (readonly [string, (source: Source) => Promise<unknown>])[] = [
    ['a query', (source) => source.query('SELECT 1')],
    ['a filter', (source) => source.readPage('things', { view, offset: 0, limit: 1, mostCharacters: 10 })],
    ['rows that fulfil a condition', (source) => source.countRows('things', 'id = 1')],
    ['keys of an index', (source) => source.measureKeys('things', { parts: [{ column: 'id' }], where: null, limit: 1 })],
  ];
  for (const [what, work] of cases)
    it(`${what}: source-without-sql`, () => assert.rejects(work(get().opened.source), { code: 'source-without-sql' }));
}
