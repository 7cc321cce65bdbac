import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
