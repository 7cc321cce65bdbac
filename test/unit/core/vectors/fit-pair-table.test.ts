import assert from 'node:assert/strict';
import { defaultPairColumns } from '../../../../src/core/vectors/fit-pair-table.ts';

describe('defaultPairColumns', () => {
  const cases: readonly (readonly [table: string, keys: readonly string[], columns: string])[] = [
    ['reports', ['id'], 'report_id related_report_id similarity_score'],
    ['report', ['id'], 'report_id related_report_id similarity_score'],
    ['entries', ['id'], 'entry_id related_entry_id similarity_score'],
    ['boxes', ['id'], 'box_id related_box_id similarity_score'],
    ['address', ['id'], 'address_id related_address_id similarity_score'],
    ['reports', ['report_id'], 'report_id related_report_id similarity_score'],
    ['parts', ['place', 'id'], 'part_place part_id related_part_place related_part_id similarity_score'],
  ];
  for (const [table, keys, columns] of cases)
    it(`${table} (${keys.join(', ')})`, () => assert.equal(defaultPairColumns(table, keys).join(' '), columns));
});
