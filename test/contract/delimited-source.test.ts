import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { InvalidText, type SourceValue } from '../../src/core/model/source-value.ts';
import { delimitedSourceKind } from '../../src/core/sources/delimited/delimited-source-kind.ts';
import { describeSource } from './source-contract.ts';
import { contractColumns, type ContractRow } from './source-setting.ts';

/** How a variant of the contract's store is written. */
interface Variant {
  readonly file: string;
  readonly delimiter: string;
  readonly lineEnd: string;
  /** What stands for a quote inside quotes. */
  readonly escaped: string;
  readonly invalidText: boolean;
  readonly wrap?: (bytes: Uint8Array) => Buffer;
  readonly unwrap?: (bytes: Buffer) => Buffer;
}

const plain: Variant = { file: 'things.csv', delimiter: ',', lineEnd: '\n', escaped: '""', invalidText: true };
const utf16 = {
  wrap: (bytes: Uint8Array): Buffer => Buffer.from(`\ufeff${Buffer.from(bytes).toString('utf8')}`, 'utf16le'),
  unwrap: (bytes: Buffer): Buffer => Buffer.from(bytes.toString('utf16le').slice(1)),
};

const variants: Readonly<Record<string, Variant>> = {
  'commas and LF': plain,
  'semicolons and CRLF': { ...plain, delimiter: ';', lineEnd: '\r\n' },
  'tabs, CR and backslashes': { ...plain, file: 'things.tsv', delimiter: '\t', lineEnd: '\r', escaped: '\\"' },
  gzip: { ...plain, file: 'things.csv.gz', wrap: (bytes) => gzipSync(bytes), unwrap: (bytes) => gunzipSync(bytes) },
  zstd: { ...plain, file: 'things.csv.zst', wrap: (bytes) => zstdCompressSync(bytes), unwrap: (bytes) => zstdDecompressSync(bytes) },
  'UTF-16LE': { ...plain, invalidText: false, ...utf16 },
};

for (const [name, variant] of Object.entries(variants)) {
  const { wrap = (bytes: Uint8Array): Buffer => Buffer.from(bytes), unwrap = (bytes: Buffer): Buffer => bytes } = variant;
  describeSource(`delimited, ${name}`, {
    kind: delimitedSourceKind,
    sql: false,
    invalidText: variant.invalidText,
    stored,
    create: async (directory, rows) => {
      const path = join(directory, variant.file);
      await writeFile(path, wrap(writeStore(variant, rows)));
      return path;
    },
    alter: async (path) => {
      const text = unwrap(await readFile(path)).toString('latin1');
      const altered = text.replace(
        new RegExp(`${variant.lineEnd}2${variant.delimiter}[^${variant.delimiter}]*`),
        `${variant.lineEnd}2${variant.delimiter}77`,
      );
      await writeFile(path, wrap(Buffer.from(altered, 'latin1')));
    },
  });
}

/** Where the rows of each file begin; the files are written in different ways. */
const shares = [0, 700, 701, 1_900, Infinity];
const ways: readonly Variant[] = [
  plain,
  { ...plain, delimiter: ';', lineEnd: '\r\n' },
  { ...plain, file: 'things.csv.gz', wrap: (bytes) => gzipSync(bytes), unwrap: (bytes) => gunzipSync(bytes) },
  { ...plain, delimiter: '\t', escaped: '\\"' },
];

/** What a set of files is called by, where its files lie, and whether some of them need a private copy. */
interface SetOfFiles {
  readonly location: (folder: string) => string;
  readonly fileOf: (number: number) => string;
  readonly ways: readonly Variant[];
}

const sets: Readonly<Record<string, SetOfFiles>> = {
  'a folder': { location: (folder) => join(folder, 'things'), fileOf: (number) => `things/part-${number}.csv`, ways: ways.filter(({ wrap }) => wrap === undefined) },
  'a glob': { location: (folder) => join(folder, 'things_*'), fileOf: (number) => `things_${number}.csv`, ways: ways.filter(({ wrap }) => wrap === undefined) },
  'a glob with compressed files': { location: (folder) => join(folder, 'things_*'), fileOf: (number) => `things_${number}.csv`, ways },
  partitions: { location: (folder) => join(folder, 'things'), fileOf: (number) => `things/year=2024/part=0${number}/data.csv`, ways: [plain] },
};

for (const [name, set] of Object.entries(sets)) {
  const wayOf = (number: number): Variant => set.ways[number % set.ways.length] ?? plain;
  const files = (path: string): readonly string[] => shares.slice(1).map((_, number) => join(dirname(path), set.fileOf(number)));
  describeSource(`delimited, ${name}`, {
    kind: delimitedSourceKind,
    sql: false,
    invalidText: true,
    stored,
    several: { files, root: (path) => (path.endsWith('*') ? dirname(path) : path) },
    create: async (directory, rows) => {
      const location = set.location(directory);
      for (const [number, path] of files(location).entries()) {
        await mkdir(dirname(path), { recursive: true });
        const way = wayOf(number);
        const bytes = writeStore(way, rows.slice(shares[number], shares[number + 1]));
        await writeFile(path, (way.wrap ?? Buffer.from)(bytes));
      }
      return location;
    },
    alter: async (location) => {
      const [path = ''] = files(location);
      const text = (await readFile(path)).toString('latin1');
      await writeFile(path, Buffer.from(text.replace(/\n2,[^,]*/, '\n2,77'), 'latin1'));
    },
  });
}

/** A file of texts keeps integers and reals as their text, and bytes as PostgreSQL writes them. */
function stored([id, whole, real, words, bytes]: ContractRow): readonly SourceValue[] {
  return [
    String(id),
    whole === null ? null : String(whole),
    real === null ? null : String(real),
    words,
    bytes === null ? null : `\\x${Buffer.from(bytes).toString('hex')}`,
  ];
}

function writeStore({ delimiter, lineEnd, escaped }: Variant, rows: readonly ContractRow[]): Buffer {
  const end = Buffer.from(lineEnd);
  const lines: Buffer[] = [Buffer.from(contractColumns.join(delimiter)), end];
  for (const row of rows) {
    stored(row).forEach((value, i) => {
      if (i > 0) lines.push(Buffer.from(delimiter));
      if (value !== null) lines.push(field(value as string | InvalidText, escaped));
    });
    lines.push(end);
  }
  return Buffer.concat(lines);
}

/** Every text in quotes, so that an empty one is not NULL. */
function field(value: string | InvalidText, escaped: string): Buffer {
  const quote = Buffer.from('"');
  if (value instanceof InvalidText) return Buffer.concat([quote, value.bytes, quote]);
  if (/^-?[\d.]+$/.test(value)) return Buffer.from(value);
  const inner = escaped === '""' ? value.replaceAll('"', '""') : value.replaceAll('\\', '\\\\').replaceAll('"', escaped);
  return Buffer.from(`"${inner}"`);
}
