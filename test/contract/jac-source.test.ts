import { join } from 'node:path';
import { writeSession, type SessionRecord } from '../../samples/dira/session-writer.ts';
import { InvalidText } from '../../src/core/model/source-value.ts';
import { jacSourceKind } from '../../src/core/sources/jac/jac-source-kind.ts';
import type { Source, SourceKind } from '../../src/core/sources/source.ts';
import { describeSource } from './source-contract.ts';
import type { ContractRow } from './source-setting.ts';

const root = '00000000-0000-0000-0000-000000000000';

describeSource('jac', {
  kind: called(),
  sql: true,
  invalidText: false,
  create: async (directory, rows) => {
    const path = join(directory, 'main.session');
    writeSession(path, [{ id: root, className: 'Root', fields: {}, root: null }, ...rows.map(recordOf)]);
    return path;
  },
  alter: async (path) => writeSession(path, [recordOf([2n, 4_711n, 0.25, 'altered', null])]),
});

/** Ids of records are in no order of the contract's. */
function recordOf([id, whole, real, words, bytes]: ContractRow): SessionRecord {
  if (words instanceof InvalidText) throw new Error('the texts of Python are valid');
  return { id: idOf(id), className: 'things', fields: { id, whole, real, words, bytes }, root };
}

function idOf(id: bigint): string {
  const digits = BigInt.asUintN(64, id * 0x9e3779b97f4a7c15n)
    .toString(16)
    .padStart(16, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4000-8000-${id.toString(16).padStart(12, '0')}`;
}

/** The kind with the names that the contract uses: its `id` is a field, beside the id that each record has. */
function called(): SourceKind {
  const table = (name: string): string => (name === 'things' ? 'node things' : name);
  const from = (name: string): string => (name === 'id' ? 'fields.id' : name);
  const to = (name: string): string => (name === 'fields.id' ? 'id' : name);
  return {
    ...jacSourceKind,
    attach: async (snapshot, log): Promise<Source> => {
      const source = await jacSourceKind.attach(snapshot, log);
      const own = ['root_id', 'access'];
      return {
        capabilities: source.capabilities,
        introspect: async () => {
          const catalog = await source.introspect();
          return {
            ...catalog,
            tables: catalog.tables.map((one) => ({
              ...one,
              name: one.name === 'node things' ? 'things' : one.name,
              columns: one.columns
                .filter(({ name }) => one.name !== 'node things' || (name !== 'id' && !own.includes(name)))
                .map((column) => ({ ...column, name: to(column.name) })),
            })),
          };
        },
        profile: async (name, options) => {
          const profile = await source.profile(table(name), options);
          const columns = profile.columns.filter(({ column }) => column !== 'id' && !own.includes(column));
          return { ...profile, table: name, columns: columns.map((one) => ({ ...one, column: to(one.column) })) };
        },
        readBatches: (name, options) => source.readBatches(table(name), { ...options, columns: options.columns.map(from) }),
        readPlaces: (name, places, options) => source.readPlaces(table(name), places, { ...options, columns: options.columns.map(from) }),
        splitTable: (name, parts) => source.splitTable(table(name), parts),
        compareCursors: (a, b) => source.compareCursors(a, b),
        aggregates: async (name, columns) =>
          (await source.aggregates(table(name), columns.map(from))).map((one) => ({ ...one, column: to(one.column) })),
        readPage: async (name, request) => {
          const page = await source.readPage(table(name), { ...request, view: viewed(request.view) });
          return { ...page, columns: page.columns.map(to) };
        },
        measureKeys: (name, request) =>
          source.measureKeys(table(name), {
            ...request,
            parts: request.parts.map((part) => ('column' in part ? { column: from(part.column) } : part)),
          }),
        countRows: (name, filter) => source.countRows(table(name), filter),
        readView: (name, view, signal) => source.readView(table(name), viewed(view), signal),
        query: (sql) => source.query(sql.replace(/\bthings\b/g, '"node things"').replace(/\bid\b/g, '"fields.id"')),
        close: () => source.close(),
      };
      function viewed<T extends { readonly columns: readonly string[] | null; readonly sort: readonly { readonly column: string }[] }>(
        view: T,
      ): T {
        return { ...view, columns: view.columns?.map(from) ?? null, sort: view.sort.map((one) => ({ ...one, column: from(one.column) })) };
      }
    },
  };
}
