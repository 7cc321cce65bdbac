import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDocumentColumn, formatDocumentTable, type DocumentColumn } from '../../../../src/core/model/document-names.ts';
import type { PathStep } from '../../../../src/core/model/document-path.ts';
import {
  documentColumnName,
  documentTableName,
  planColumnFrom,
  planDocuments,
  type PlanDocuments,
} from '../../../../src/core/plan/document-from.ts';

describe('documents in a plan', () => {
  const tables: readonly (readonly [Partial<PlanDocuments>, string])[] = [
    [{}, 'd/*.json $'],
    [{ path: '$' }, 'd/*.json $'],
    [{ path: '$[*]' }, 'd/*.json $[*]'],
    [{ path: '$.messages', as: 'child', ordinal: 'n' }, 'd/*.json $.messages[*]'],
    [{ path: '$.messages[*]', as: 'rows' }, 'd/*.json $.messages[*]'],
    [{ path: '$.messages', as: 'rows' }, 'd/*.json $.messages[*]'],
    [{ path: '$.terms', as: 'rows-of-map', keyColumn: 'term' }, 'd/*.json $.terms.*'],
    [{ path: '$.terms.*', as: 'rows' }, 'd/*.json $.terms.*'],
    [{ path: '$.terms.*', as: 'rows-of-map' }, 'd/*.json $.terms.*'],
    [{ path: '$', as: 'rows-of-map' }, 'd/*.json $.*'],
    [{ path: '$.list[*]', as: 'rows-of-map' }, 'd/*.json $.list[*].*'],
  ];
  for (const [from, name] of tables)
    it(`${JSON.stringify(from)} is ${name}`, () =>
      assert.deepEqual(documentTableName({ files: 'd/*.json', as: 'rows', ...from }), { name }));

  const faults: readonly (readonly [Partial<PlanDocuments>, string])[] = [
    [{ path: 'messages' }, 'path'],
    [{ path: '$.meta', as: 'jsonb' }, 'as'],
    [{ path: '$', as: 'child' }, 'path'],
    [{ path: '$.messages', keyColumn: 'k' }, 'keyColumn'],
    [{ path: '$.terms', as: 'rows-of-map', ordinal: 'n' }, 'ordinal'],
    [{ path: '$', ordinal: 'n' }, 'ordinal'],
  ];
  for (const [from, key] of faults)
    it(`${JSON.stringify(from)} has a wrong ${key}`, () => {
      const found = documentTableName({ files: '*', as: 'rows', ...from });
      assert.equal('fault' in found && found.key, key);
    });

  const step: fc.Arbitrary<PathStep> = fc.oneof(
    fc.string().map((key) => ({ key })),
    fc.constantFrom({ each: 'element' as const }, { each: 'entry' as const }),
  );
  const rowPath = fc
    .tuple(fc.array(step, { maxLength: 4 }), fc.constantFrom('element' as const, 'entry' as const))
    .map(([steps, each]) => [...steps, { each }]);
  it('a table is the same after it was written into a plan', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constant([]), rowPath), fc.boolean(), (path, child) => {
        const table = { files: 'a/*.json', path };
        const written = planDocuments(table, child && path.length > 0 ? { parent: 'p' } : {});
        assert.deepEqual(documentTableName(written), { name: formatDocumentTable(table) }, JSON.stringify(written));
      }),
    );
  });

  it('a column is the same after it was written into a plan', () => {
    const pointer = fc.array(fc.string());
    const column: fc.Arbitrary<DocumentColumn> = fc.oneof(
      pointer.map((tokens) => ({ pointer: tokens })),
      pointer.map((tokens) => ({ parent: tokens })),
      fc.constantFrom('key' as const, 'position' as const, 'document' as const, 'file' as const).map((fact) => ({ fact })),
      fc.constant({ segment: 'user_id' }),
    );
    fc.assert(
      fc.property(column, (one) => {
        assert.deepEqual(documentColumnName({ from: planColumnFrom(one), to: 'c' }, null), { name: formatDocumentColumn(one) });
      }),
    );
  });

  it('columns named for the key and the position have a source without a from', () => {
    const table: PlanDocuments = { files: '*', path: '$.terms', as: 'rows-of-map', keyColumn: 'term', ordinal: 'n' };
    assert.deepEqual(documentColumnName({ from: null, to: 'term' }, table), { name: '#key' });
    assert.deepEqual(documentColumnName({ from: null, to: 'n' }, table), { name: '#position' });
    assert.equal(documentColumnName({ from: null, to: 'created_at' }, table), null);
  });
});
