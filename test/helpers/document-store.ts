import { parseDocumentColumn, parseDocumentTable } from '../../src/core/model/document-names.ts';
import type { KeyRange, RowBatch } from '../../src/core/model/row-batch.ts';
import type { SourceValue } from '../../src/core/model/source-value.ts';
import type { GroupBatch, GroupedTable, ReadOptions } from '../../src/core/sources/source.ts';
import type { RowReader } from '../../src/core/sources/read-together.ts';

/** A document as JavaScript has it, or null for one that cannot be read. */
export type TestDocument = Readonly<Record<string, unknown>> | null;

/** Documents in memory by the part of the Source contract that a load needs. `read`: told the number of each document that is read. */
export function documentStore(documents: readonly TestDocument[], read: (document: number) => void = () => undefined): RowReader {
  const range = ({ after, upTo }: KeyRange): readonly number[] => {
    const [from, to] = [after === undefined ? 0 : Number(after) + 1, upTo === undefined ? documents.length - 1 : Number(upTo)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  };
  return {
    async *readGroup(tables: readonly GroupedTable[], options: Omit<ReadOptions, 'columns'>): AsyncGenerator<GroupBatch> {
      const most = options.batchBytes ?? 64 << 10;
      let rows: FoundRow[][] = tables.map(() => []);
      let bytes = 0;
      for (const number of range(options)) {
        read(number);
        const document = documents[number] ?? null;
        if (document === null) rows[0]?.push(brokenRow(number));
        else tables.forEach((table, i) => rows[i]?.push(...rowsOf(number, document, table)));
        bytes += JSON.stringify(document).length;
        if (bytes < most && number !== range(options).at(-1)) continue;
        yield { batches: rows.map(batchOf), cursor: String(number) };
        rows = tables.map(() => []);
        bytes = 0;
        await new Promise(setImmediate);
      }
    },
    async *readBatches(table: string, { columns, ...options }: ReadOptions): AsyncGenerator<RowBatch> {
      for (const number of range(options)) {
        const document = documents[number] ?? null;
        yield batchOf(document === null ? [brokenRow(number)] : rowsOf(number, document, { table, columns }));
        await new Promise(setImmediate);
      }
    },
  };
}

interface FoundRow {
  readonly document: number;
  readonly place: string;
  readonly values: readonly SourceValue[];
  readonly isBroken: boolean;
}

function brokenRow(document: number): FoundRow {
  return { document, place: `d/${document}.json, byte 7`, values: [], isBroken: true };
}

/** `$` and `$.key[*]` are enough for the tests. */
function rowsOf(number: number, document: Readonly<Record<string, unknown>>, { table, columns }: GroupedTable): readonly FoundRow[] {
  const [step] = parseDocumentTable(table)?.path ?? [];
  const key = step !== undefined && 'key' in step ? step.key : null;
  const elements = key === null ? [document] : ((document[key] ?? []) as readonly Readonly<Record<string, unknown>>[]);
  return elements.map((element, position) => ({
    document: number,
    place: `d/${number}.json${key === null ? '' : `#/${key}/${position}`}`,
    isBroken: false,
    values: columns.map((name): SourceValue => {
      const column = parseDocumentColumn(name);
      if (column === null || 'outer' in column || 'segment' in column || 'json' in column || 'count' in column) return null;
      if ('fact' in column) return column.fact === 'position' ? BigInt(position) : null;
      const [from, [field = '']] = 'parent' in column ? [document, column.parent] : [element, column.pointer];
      return valueOf(from[field]);
    }),
  }));
}

function valueOf(value: unknown): SourceValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

function batchOf(rows: readonly FoundRow[]): RowBatch {
  return {
    rows: rows.map(({ values }) => values),
    cursorAt: (row) => String(rows[row]?.document),
    provenanceAt: (row) => rows[row]?.place ?? '',
    documentAt: (row) => (rows[row]?.place ?? '').replace(/#.*$/, ''),
    brokenAt: (row) => (rows[row]?.isBroken === true ? { code: 'unreadable-document', message: 'this is no JSON' } : null),
    bytes: rows.length * 50,
  };
}
