import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import type { Log } from '../../src/core/engine-deps.ts';
import { MigrationError } from '../../src/core/errors.ts';
import type { Cursor } from '../../src/core/model/row-batch.ts';
import { InvalidText, type SourceValue } from '../../src/core/model/source-value.ts';
import type { ReadOptions, Source, SourceKind, SourceSnapshot } from '../../src/core/sources/source.ts';

/** One row of the contract's table `things` (id, whole, real, words, bytes), as every source must hand it over. */
export type ContractRow = readonly [
  id: bigint,
  whole: bigint | null,
  real: number | null,
  words: string | InvalidText | null,
  bytes: Uint8Array | null,
];

export interface SourceHarness {
  readonly kind: SourceKind;
  /** Makes a store in `directory` whose table `things` holds `rows` (id is its key) and returns its path. */
  create(directory: string, rows: readonly ContractRow[]): Promise<string>;
  /** Changes one value of the row with id 2, as another program would. */
  alter(path: string): Promise<void>;
  /** The store can hold text that is not valid. */
  readonly invalidText: boolean;
}

export const contractColumns = ['id', 'whole', 'real', 'words', 'bytes'] as const;

interface Opened {
  readonly path: string;
  readonly snapshot: SourceSnapshot;
  readonly source: Source;
}

interface Setting {
  readonly harness: SourceHarness;
  readonly rows: readonly ContractRow[];
  /** The store with `rows`, opened. */
  readonly opened: Opened;
  /** Another store in a folder of its own, closed after the test. */
  open(rows: readonly ContractRow[]): Promise<Opened>;
  freeze(path: string): Promise<SourceSnapshot>;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;

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
    describe('catalog', () => testCatalog(setting));
    describe('values', () => testValues(setting));
    describe('order and cursors', () => testCursors(setting));
    describe('bounds', () => testBounds(setting));
    describe('profile and aggregates', () => testProfile(setting));
    describe('errors', () => testErrors(setting));
  });
}

function testStore(get: () => Setting): void {
  it('is recognised by its content, whatever its name', async () => {
    const { harness, open } = get();
    const { path } = await open([]);
    const renamed = join(dirname(path), 'notes.txt');
    await rename(path, renamed);
    assert.equal(await harness.kind.accepts(renamed, await headOf(renamed)), true);
    assert.equal(await harness.kind.accepts(renamed, Buffer.from('no store at all, just words')), false);
  });

  it('is left byte for byte and name for name as it was, and so is its folder', async () => {
    const { harness, open, freeze, rows } = get();
    const { path } = await open(rows.slice(0, 200));
    const before = await photograph(dirname(path));
    const snapshot = await freeze(path);
    const source = await harness.kind.attach(snapshot, silent);
    await source.introspect();
    await source.profile('things', { signal: never });
    await readRows(source, {});
    await source.splitTable('things', 4);
    await source.aggregates('things', [...contractColumns]);
    assert.deepEqual(await photograph(dirname(path)), before);
    await source.close();
    await harness.kind.checkUnchanged(snapshot);
    assert.deepEqual(await photograph(dirname(path)), before);
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
    await utimes(path, new Date(1e12), new Date(1e12));
    await harness.kind.checkUnchanged(snapshot);
  });

  it('is detected when it changes while it is read, unless a private copy is read, which stays what it was', async () => {
    const { harness, open, rows } = get();
    const { path, snapshot, source } = await open(rows.slice(0, 20));
    const before = await readRows(source, {});
    await harness.alter(path);
    if (snapshot.temporary) {
      assert.deepEqual(await readRows(source, {}), before);
      await harness.kind.checkUnchanged(snapshot);
    } else {
      await assert.rejects(harness.kind.checkUnchanged(snapshot), { code: 'source-changed' });
    }
  });

  it('is read in place, or from a private copy that is closed to other users', async () => {
    const { opened } = get();
    if (!opened.snapshot.temporary) return assert.equal(opened.snapshot.path, await realpath(opened.path));
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
    const { opened, rows } = get();
    const read = await readRows(opened.source, {});
    assert.deepEqual(comparable(inIdOrder(read)), comparable(rows));
  });

  it('come in the columns asked for, in that order, also twice or none', async () => {
    const { opened, rows } = get();
    const read = await readRows(opened.source, { columns: ['bytes', 'id', 'bytes'] });
    const expected = rows.map(([id, , , , bytes]) => [bytes, id, bytes]);
    const byId = read.toSorted((a, b) => Number((a[1] as bigint) - (b[1] as bigint)));
    assert.deepEqual(comparable(byId), comparable(expected));
    assert.equal((await readRows(opened.source, { columns: [] })).length, rows.length);
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

function testCursors(get: () => Setting): void {
  it('order is stable, whatever the size of the batches', async () => {
    const { opened } = get();
    const all = comparable(await readRows(opened.source, {}));
    for (const batchBytes of [1, 500, 20_000, 1 << 24]) assert.deepEqual(comparable(await readRows(opened.source, { batchBytes })), all);
  });

  it('after and upTo give exactly the rows between, for any two cursors', async () => {
    const { opened } = get();
    const { ids, cursors } = await readIds(opened.source);
    const position = fc.nat({ max: cursors.length - 1 });
    await fc.assert(
      fc.asyncProperty(position, position, fc.constantFrom(300, 1 << 20), async (from, to, batchBytes) => {
        const [after, upTo] = [cursors[from]!, cursors[to]!];
        assert.deepEqual((await readIds(opened.source, { after, batchBytes })).ids, ids.slice(from + 1));
        assert.deepEqual((await readIds(opened.source, { upTo, batchBytes })).ids, ids.slice(0, to + 1));
        assert.deepEqual((await readIds(opened.source, { after, upTo, batchBytes })).ids, ids.slice(from + 1, to + 1));
      }),
      { numRuns: 8 },
    );
  });

  it('survive JSON and serve another reader', async () => {
    const { harness, opened } = get();
    const { ids, cursors } = await readIds(opened.source);
    const kept = JSON.parse(JSON.stringify(cursors[700])) as Cursor;
    const other = await harness.kind.attach(opened.snapshot, silent);
    assert.deepEqual((await readIds(other, { after: kept })).ids, ids.slice(701));
    await other.close();
  });

  it('compare as the rows come', async () => {
    const { opened } = get();
    const { cursors } = await readIds(opened.source);
    for (let i = 0; i < cursors.length - 1; i += 97) {
      assert.ok(opened.source.compareCursors(cursors[i]!, cursors[i + 1]!) < 0, `${cursors[i]} before ${cursors[i + 1]}`);
      assert.ok(opened.source.compareCursors(cursors.at(-1)!, cursors[i]!) > 0);
      assert.equal(opened.source.compareCursors(cursors[i]!, cursors[i]!), 0);
    }
  });

  it('every row has a provenance of its own', async () => {
    const { opened, rows } = get();
    const found = new Set<string>();
    for await (const batch of opened.source.readBatches('things', { columns: ['id'], signal: never })) {
      batch.rows.forEach((_, i) => found.add(batch.provenanceAt(i)));
    }
    assert.equal(found.size, rows.length);
    assert.ok(![...found].includes(''));
  });

  it('ranges of a split cover the table without overlap, in order', async () => {
    const { opened } = get();
    const { ids } = await readIds(opened.source);
    for (const parts of [1, 2, 3, 7, 64]) {
      const ranges = await opened.source.splitTable('things', parts);
      assert.ok(ranges.length >= 1 && ranges.length <= parts);
      assert.ok(opened.source.capabilities.ranges || ranges.length === 1);
      const joined = [];
      for (const range of ranges) joined.push(...(await readIds(opened.source, range)).ids);
      assert.deepEqual(joined, ids);
    }
  });
}

function testBounds(get: () => Setting): void {
  const wide = 300_000;
  const large = Array.from({ length: 40 }, (_, i): ContractRow => [
    BigInt(i + 1),
    null,
    null,
    'x'.repeat(wide),
    i % 2 === 0 ? null : Buffer.alloc(wide, i),
  ]);

  it('a batch holds no more than its limit and one row', async () => {
    const { open } = get();
    const { source } = await open(large);
    for (const batchBytes of [1, wide, 1 << 20]) {
      let rows = 0;
      for await (const batch of source.readBatches('things', { columns: [...contractColumns], signal: never, batchBytes })) {
        const bytes = batch.rows
          .flat()
          .reduce<number>((sum, value) => sum + (typeof value === 'string' || value instanceof Uint8Array ? value.length : 0), 0);
        assert.ok(bytes <= batchBytes + 2 * wide, `${bytes} bytes under a limit of ${batchBytes}`);
        assert.ok(batch.bytes >= bytes * 0.9 && batch.bytes <= bytes + 8 * 5 * batch.rows.length);
        rows += batch.rows.length;
      }
      assert.equal(rows, large.length);
    }
  });

  it('abort ends within one batch', async () => {
    const { opened } = get();
    const control = new AbortController();
    let batches = 0;
    const reading = async (): Promise<void> => {
      for await (const batch of opened.source.readBatches('things', { columns: ['id'], signal: control.signal, batchBytes: 200 })) {
        assert.ok(batch.rows.length > 0);
        if (++batches === 2) control.abort();
      }
    };
    await assert.rejects(reading(), { code: 'cancelled' });
    assert.equal(batches, 2);
  });

  it('an abort from outside is heard although reading blocks the thread', async () => {
    const { opened } = get();
    const control = new AbortController();
    setTimeout(() => control.abort(), 1);
    const reading = async (): Promise<void> => {
      for (;;) await readRows(opened.source, { signal: control.signal, batchBytes: 2_000 });
    };
    await assert.rejects(reading(), { code: 'cancelled' });
  });

  it('a run that is cancelled already freezes and profiles nothing', async () => {
    const { harness, opened } = get();
    const signal = AbortSignal.abort();
    await assert.rejects(harness.kind.freeze(opened.path, { scratch: tmpdir(), signal }), { code: 'cancelled' });
    await assert.rejects(opened.source.profile('things', { signal }), { code: 'cancelled' });
  });

  it('a reader left in the middle hinders nobody', async () => {
    const { open, rows } = get();
    const { source } = await open(rows);
    const first = source.readBatches('things', { columns: ['id'], signal: never, batchBytes: 100 })[Symbol.asyncIterator]();
    await first.next();
    assert.equal((await readRows(source, {})).length, rows.length);
    for await (const batch of source.readBatches('things', { columns: ['id'], signal: never, batchBytes: 100 }))
      if (batch.rows.length > 0) break;
    assert.equal((await first.next()).done, false);
  });
}

function testProfile(get: () => Setting): void {
  it('looks at every value', async () => {
    const { opened, rows } = get();
    const told: number[] = [];
    const profile = await opened.source.profile('things', { signal: never, onRows: (count) => told.push(count) });
    assert.equal(profile.rows, rows.length);
    assert.equal(profile.sample, null);
    assert.equal(told.at(-1), rows.length);
    contractColumns.forEach((column, c) => {
      const values = rows.map((row) => row[c]!);
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
    assert.equal(profile.columns.find(({ column }) => column === 'whole')!.integerMax, 2n ** 63n - 1n);
    assert.equal(profile.columns.find(({ column }) => column === 'whole')!.integerMin, -(2n ** 63n));
  });

  it('of a sample says so and is spread over the table', async () => {
    const { opened, rows } = get();
    const profile = await opened.source.profile('things', { signal: never, sample: 200 });
    const id = profile.columns.find(({ column }) => column === 'id')!;
    assert.equal(profile.rows, rows.length);
    assert.ok(profile.sample! > 100 && profile.sample! <= 200, `${profile.sample}`);
    assert.equal(id.rows, profile.sample);
    assert.ok(id.integerMax! > BigInt(rows.length * 0.9) && id.integerMin! < BigInt(rows.length * 0.1));
  });

  it("aggregates come from the store's own SQL and are exact", async function () {
    const { opened, rows } = get();
    if (!opened.source.capabilities.sql) return this.skip();
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
    return undefined;
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

  it('a query that writes: source-query-refused', async function () {
    const { opened } = get();
    if (!opened.source.capabilities.sql) return this.skip();
    assert.deepEqual(await opened.source.query('SELECT 1, NULL'), [['1', null]]);
    await assert.rejects(opened.source.query('DELETE FROM things'), { code: 'source-query-refused' });
    await assert.rejects(opened.source.query('SELEC'), { code: 'source-query-refused' });
    return undefined;
  });
}

/** Values that have gone wrong somewhere before: limits of 64 bits, NUL, quotes, surrogates, a real U+FFFD, empty ≠ NULL. */
function contractRows(count: number, invalidText: boolean): readonly ContractRow[] {
  const whole = [0n, -1n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), null];
  const real = [0.1, -0.5, 1e300, 5e-324, 16777217.5, 3, Infinity, null];
  const broken = invalidText ? [new InvalidText(Buffer.from('61ff62', 'hex')), new InvalidText(Buffer.from('c3', 'hex'))] : [];
  const words = ['plain', '', 'a\0b', `it's "quoted"`, 'tab\tline\r\n\\N\\.', 'äöü 🎈 é', 'real \ufffd', ...broken, null];
  const bytes = [new Uint8Array(0), Uint8Array.of(0), Uint8Array.from({ length: 256 }, (_, i) => i), Uint8Array.of(0xff, 0xfe), null];
  return Array.from({ length: count }, (_, i) => [BigInt(i + 1), whole[i % 7]!, real[i % 8]!, words[i % words.length]!, bytes[i % 5]!]);
}

async function readRows(source: Source, options: Partial<ReadOptions>, table = 'things'): Promise<readonly (readonly SourceValue[])[]> {
  const rows: (readonly SourceValue[])[] = [];
  for await (const batch of source.readBatches(table, { columns: [...contractColumns], signal: never, ...options }))
    rows.push(...batch.rows);
  return rows;
}

async function readIds(
  source: Source,
  options: Partial<ReadOptions> = {},
): Promise<{ readonly ids: readonly SourceValue[]; readonly cursors: readonly Cursor[] }> {
  const ids: SourceValue[] = [];
  const cursors: Cursor[] = [];
  for await (const batch of source.readBatches('things', { signal: never, ...options, columns: ['id'] })) {
    batch.rows.forEach((row, i) => {
      ids.push(row[0]!);
      cursors.push(batch.cursorAt(i));
    });
  }
  return { ids, cursors };
}

function inIdOrder(rows: readonly (readonly SourceValue[])[]): readonly (readonly SourceValue[])[] {
  return rows.toSorted((a, b) => Number((a[0] as bigint) - (b[0] as bigint)));
}

/** Text that tells every difference between two values. */
function comparable(rows: readonly (readonly SourceValue[])[]): readonly string[] {
  return rows.map((row) =>
    row
      .map((value) => {
        if (value instanceof InvalidText) return `invalid ${Buffer.from(value.bytes).toString('hex')}`;
        if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
        return `${typeof value} ${String(value)}`;
      })
      .join('|'),
  );
}

/** Names, sizes, times and hashes of everything in a folder. */
async function photograph(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeNs, mode } = await stat(join(directory, name), { bigint: true });
      const hash = createHash('sha256')
        .update(await readFile(join(directory, name)))
        .digest('hex');
      return `${basename(name)} ${size} ${mtimeNs} ${mode} ${hash}`;
    }),
  );
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
