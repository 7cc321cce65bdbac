import assert from 'node:assert/strict';
import { copyThroughFile } from '../../../src/embedded-process/copy-statement.ts';

describe('copyThroughFile', () => {
  for (const [sql, direction, wanted] of [
    ['COPY "s"."t" ("a") FROM STDIN (FORMAT binary)', 'in', `COPY "s"."t" ("a") FROM '/spool/1' (FORMAT binary)`],
    ['copy t from  stdin', 'in', `copy t FROM '/spool/1'`],
    ['COPY "FROM STDIN" FROM STDIN', 'in', `COPY "FROM STDIN" FROM '/spool/1'`],
    [`COPY t FROM STDIN (NULL 'FROM STDIN', DELIMITER '''')`, 'in', `COPY t FROM '/spool/1' (NULL 'FROM STDIN', DELIMITER '''')`],
    [
      'COPY (SELECT "to stdout" FROM stdin) TO STDOUT (FORMAT binary)',
      'out',
      `COPY (SELECT "to stdout" FROM stdin) TO '/spool/1' (FORMAT binary)`,
    ],
    ['COPY t TO STDOUT', 'in', null],
    ['SELECT 1', 'out', null],
  ] as const) {
    it(`${direction}: ${sql}`, () => assert.equal(copyThroughFile(sql, direction, '/spool/1'), wanted));
  }
});
