import { open } from 'node:fs/promises';
import type { Log } from '../../src/core/engine-deps.ts';
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
  /** The store has SQL of its own. */
  readonly sql: boolean;
  /** The store can hold text that is not valid. */
  readonly invalidText: boolean;
  /** The values of a row as this store keeps them, where it has fewer kinds of values; absent = as they are. */
  readonly stored?: (row: ContractRow) => readonly SourceValue[];
  /** Of a store of several files: its files, and the folder that they are read in. */
  readonly several?: { files(path: string): readonly string[]; root(path: string): string };
}

/** What reading `rows` must give. */
export function storedRows({ stored }: SourceHarness, rows: readonly ContractRow[]): readonly (readonly SourceValue[])[] {
  return stored === undefined ? rows : rows.map(stored);
}

export const contractColumns = ['id', 'whole', 'real', 'words', 'bytes'] as const;

export interface Opened {
  readonly path: string;
  readonly snapshot: SourceSnapshot;
  readonly source: Source;
}

export interface Setting {
  readonly harness: SourceHarness;
  readonly rows: readonly ContractRow[];
  /** The store with `rows`, opened. */
  readonly opened: Opened;
  /** Another store in a folder of its own, closed after the test. */
  open(rows: readonly ContractRow[]): Promise<Opened>;
  freeze(path: string): Promise<SourceSnapshot>;
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
export const never = new AbortController().signal;

/** Values that have gone wrong somewhere before: limits of 64 bits, NUL, quotes, surrogates, a real U+FFFD, empty ≠ NULL. */
export function contractRows(count: number, invalidText: boolean): readonly ContractRow[] {
  const whole = [0n, -1n, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), null];
  const real = [0.1, -0.5, 1e300, 5e-324, 16777217.5, 3, Infinity, null];
  const broken = invalidText ? [new InvalidText(Buffer.from('61ff62', 'hex')), new InvalidText(Buffer.from('c3', 'hex'))] : [];
  const words = ['plain', '', 'a\0b', `it's "quoted"`, 'tab\tline\r\n\\N\\.', 'äöü 🎈 é', 'real \ufffd', ...broken, null];
  const bytes = [new Uint8Array(0), Uint8Array.of(0), Uint8Array.from({ length: 256 }, (_, i) => i), Uint8Array.of(0xff, 0xfe), null];
  return Array.from({ length: count }, (_, i) => [BigInt(i + 1), whole[i % 7]!, real[i % 8]!, words[i % words.length]!, bytes[i % 5]!]);
}

export async function readRows(
  source: Source,
  options: Partial<ReadOptions>,
  table = 'things',
): Promise<readonly (readonly SourceValue[])[]> {
  const rows: (readonly SourceValue[])[] = [];
  for await (const batch of source.readBatches(table, { columns: [...contractColumns], signal: never, ...options }))
    rows.push(...batch.rows);
  return rows;
}

export async function readIds(
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

export function inIdOrder(rows: readonly (readonly SourceValue[])[]): readonly (readonly SourceValue[])[] {
  return rows.toSorted((a, b) => Number(BigInt(a[0] as bigint | string) - BigInt(b[0] as bigint | string)));
}

/** Text that tells every difference between two values. */
export function comparable(rows: readonly (readonly SourceValue[])[]): readonly string[] {
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

export async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
