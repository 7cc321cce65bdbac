import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidText, type SourceValue } from '../../src/core/model/source-value.ts';
import { jsonSourceKind } from '../../src/core/sources/json/json-source-kind.ts';
import type { Source, SourceKind } from '../../src/core/sources/source.ts';
import { describeSource } from './source-contract.ts';
import { contractColumns, type ContractRow } from './source-setting.ts';

/** How a variant of the contract's store is written. */
interface Variant {
  readonly file: string;
  readonly before: string;
  readonly between: string;
  readonly behind: string;
  /** White space behind colons and commas. */
  readonly space: string;
}

const lines: Variant = { file: 'things.ndjson', before: '', between: '\n', behind: '\n', space: '' };
const variants: Readonly<Record<string, Variant>> = {
  lines,
  'lines with CRLF and a mark': { ...lines, before: '\ufeff', between: '\r\n', behind: '\r\n' },
  'one array': { ...lines, file: 'things.json', before: '[\n', between: ',\n', behind: '\n]\n', space: ' ' },
  'values one after the other': { ...lines, file: 'things.json', between: '', behind: '', space: '\n' },
};

for (const [name, variant] of Object.entries(variants))
  describeSource(`json, ${name}`, {
    kind: called('*'),
    sql: false,
    invalidText: true,
    stored,
    create: async (directory, rows) => {
      const path = join(directory, variant.file);
      await writeFile(path, writeStore(variant, rows));
      return path;
    },
    alter: (path) => alter(path, variant),
  });

/** Where the rows of each file begin; the files are written in different ways. */
const shares = [0, 700, 701, 1_900, Infinity];
const ways = Object.values(variants);
const files = (path: string): readonly string[] => ways.map(({ file }, number) => join(path, `part-${number}`, file));

describeSource('json, a folder', {
  kind: called('*/*'),
  sql: false,
  invalidText: true,
  stored,
  several: { files, root: (path) => path },
  create: async (directory, rows) => {
    const location = join(directory, 'things');
    for (const [number, path] of files(location).entries()) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, writeStore(ways[number]!, rows.slice(shares[number], shares[number + 1])));
    }
    return location;
  },
  alter: (location) => alter(files(location)[0]!, ways[0]!),
});

/** The kind with the names that the contract uses; `files`: the glob that its table is called by. */
function called(glob: string): SourceKind {
  const inSource = new Map([['things', `${glob} $`], ...contractColumns.map((name) => [name, `/${name}`] as const)]);
  const inContract = new Map([...inSource].map(([name, own]) => [own, name]));
  const from = (name: string): string => inSource.get(name) ?? name;
  const to = (name: string): string => inContract.get(name.replace('$[*]', '$')) ?? name;
  return {
    ...jsonSourceKind,
    attach: async (snapshot, log): Promise<Source> => {
      const source = await jsonSourceKind.attach(snapshot, log);
      return {
        capabilities: source.capabilities,
        introspect: async () => {
          const catalog = await source.introspect();
          return {
            ...catalog,
            tables: catalog.tables.map((table) => ({
              ...table,
              name: to(table.name),
              columns: table.columns.map((column) => ({ ...column, name: to(column.name) })),
            })),
          };
        },
        profile: async (table, options) => {
          const { tables } = await source.introspect();
          const name = tables.find((one) => to(one.name) === table)?.name ?? table;
          const profile = await source.profile(name, options);
          return { ...profile, table, columns: profile.columns.map((one) => ({ ...one, column: to(one.column) })) };
        },
        readBatches: (table, options) => source.readBatches(from(table), { ...options, columns: options.columns.map(from) }),
        readPlaces: (table, places, options) => source.readPlaces(from(table), places, { ...options, columns: options.columns.map(from) }),
        splitTable: (table, parts) => source.splitTable(from(table), parts),
        compareCursors: (a, b) => source.compareCursors(a, b),
        aggregates: (table, columns) => source.aggregates(from(table), columns.map(from)),
        readPage: (table, request) => source.readPage(from(table), request),
        measureKeys: (table, request) => source.measureKeys(from(table), request),
        countRows: (table, filter) => source.countRows(from(table), filter),
        readView: (table, view, signal) => source.readView(from(table), view, signal),
        query: (sql) => source.query(sql),
        close: () => source.close(),
      };
    },
  };
}

/** JSON has no infinity, so that there is none to read, and no bytes; a number that is no integer is its text. */
function stored([id, whole, real, words, bytes]: ContractRow): readonly SourceValue[] {
  return [id, whole, storedReal(real), words, bytes === null ? null : `\\x${Buffer.from(bytes).toString('hex')}`];
}

function storedReal(real: number | null): SourceValue {
  if (real === null || !Number.isFinite(real)) return null;
  return Number.isInteger(real) && Math.abs(real) < 1e21 ? BigInt(real) : String(real);
}

function writeStore({ before, between, behind, space }: Variant, rows: readonly ContractRow[]): Buffer {
  // A file without a document is an empty array in every way to write them.
  if (rows.length === 0) return Buffer.from('[]');
  const documents = rows.map((row) => writeDocument(row, space));
  return Buffer.concat([
    Buffer.from(before),
    ...documents.flatMap((document, i) => (i === 0 ? [document] : [Buffer.from(between), document])),
    Buffer.from(behind),
  ]);
}

function writeDocument(row: ContractRow, space: string): Buffer {
  const [id, whole, real, words, bytes] = row;
  const fields: (readonly [string, Buffer])[] = [
    ['id', Buffer.from(String(id))],
    ['whole', Buffer.from(String(whole))],
    ['real', Buffer.from(JSON.stringify(real))],
    [
      'words',
      words instanceof InvalidText ? Buffer.concat([Buffer.from('"'), words.bytes, Buffer.from('"')]) : Buffer.from(JSON.stringify(words)),
    ],
    ['bytes', Buffer.from(bytes === null ? 'null' : `"\\\\x${Buffer.from(bytes).toString('hex')}"`)],
  ];
  return Buffer.concat([
    Buffer.from('{'),
    ...fields.flatMap(([key, value], i) => [Buffer.from(`${i === 0 ? '' : `,${space}`}"${key}":${space}`), value]),
    Buffer.from('}'),
  ]);
}

async function alter(path: string, { space }: Variant): Promise<void> {
  const text = (await readFile(path)).toString('latin1');
  const altered = text.replace(new RegExp(`"id":${space}2,${space}"whole":${space}[^,]*`), `"id":${space}2,${space}"whole":${space}77`);
  await writeFile(path, Buffer.from(altered, 'latin1'));
}
