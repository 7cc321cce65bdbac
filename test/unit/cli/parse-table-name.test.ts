import assert from 'node:assert/strict';
import { parseTableName } from '../../../src/cli/parse-table-name.ts';

describe('parseTableName', () => {
  const names: readonly (readonly [text: string, schema: string, table: string])[] = [
    ['reports', 'public', 'reports'],
    ['app.Reports', 'app', 'Reports'],
    ['app.odd.table', 'app', 'odd.table'],
    ['"odd.schema".reports', 'odd.schema', 'reports'],
    ['app."odd ""table"', 'app', 'odd "table'],
    ['"a.b"', 'public', 'a.b'],
    ['two words', 'public', 'two words'],
  ];
  for (const [text, schema, table] of names) it(text, () => assert.deepEqual(parseTableName(text), { schema, table }));
  for (const text of ['', '.', 'app.', '.reports', 'app."open', 'a"b'])
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseTableName(text), /is no name of a table/));
});
