import assert from 'node:assert/strict';
import { closeSync, openSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { InvalidText, UnreadableRecord, type SourceValue } from '../../../../../src/core/model/source-value.ts';
import { RecordReader } from '../../../../../src/core/sources/delimited/record-reader.ts';
import { readDelimited } from '../../../../helpers/read-delimited.ts';

const piece = fc.constantFrom('a', 'ä', '🎈', ',', ';', '"', '\\', "'", '\n', '\r\n', ' ', '7', '#', '|', '\t');
const field = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

describe('reading delimited text', () => {
  it('gives the same cells as csv-parse, whatever stands in them', async () => {
    const table = fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .chain(([width, delimiter, lineEnd, ended]) =>
        fc.tuple(
          fc.constant({ width, delimiter, lineEnd, ended }),
          fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(table, async ([{ width, delimiter, lineEnd, ended }, rows]) => {
        const header = Array.from({ length: width }, (_, i) => `name${'x'.repeat(i)}`);
        const lines = [header, ...rows].map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter));
        const text = lines.join(lineEnd) + (ended ? lineEnd : '');
        const expected = parse(text, {
          delimiter,
          record_delimiter: lineEnd,
          from_line: 2,
          relax_column_count: true,
          skip_empty_lines: false,
        });
        assert.deepEqual(expected, rows, 'the text holds the rows');
        const read = await readDelimited(text, { delimiter, header: true, escape: '"' }, 16);
        assert.deepEqual([read.columns, read.rows], [header, rows]);
      }),
      { numRuns: 150 },
    );
  });

  /** Text, what its rows are, and settings beside what is found out. */
  const cases: readonly (readonly [string, string, readonly (readonly unknown[])[], Record<string, unknown>?])[] = [
    ['an empty field is NULL, an empty text is not', 'a,b\n,""\n', [[null, '']]],
    ['a delimiter at the end is one more field', 'a,b\n1,\n', [['1', null]]],
    ['no line end at the end of the file', 'a,b\n1,2', [['1', '2']]],
    [
      'a quote inside a field without quotes is a character',
      'a,b\n1,5"\n2,x"y"\n',
      [
        ['1', '5"'],
        ['2', 'x"y"'],
      ],
    ],
    ['blanks around fields are part of them', 'a,b\n 1 , 2\n', [[' 1 ', ' 2']]],
    [
      'empty lines are nothing in a table of two columns',
      'a,b\n\n1,2\n\n\n3,4\n\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['empty lines are empty fields in a table of one column', 'a\nx\n\ny\n', [['x'], [null], ['y']]],
    [
      'a CR alone is a character where LF ends lines',
      'a,b\n1,x\ry\n2,z\n',
      [
        ['1', 'x\ry'],
        ['2', 'z'],
      ],
      { lineEnds: 'lf' },
    ],
    ['comments are passed over when the plan names their character', 'a,b\n#x,y\n1,2\n', [['1', '2']], { comment: '#' }],
    [
      'and are rows when it does not',
      'a,b\n#x,y\n1,2\n',
      [
        ['#x', 'y'],
        ['1', '2'],
      ],
    ],
    ['comments in front of the header are passed over', '# made by\n# a program\na,b\n1,2\n', [['1', '2']]],
    ['a header that begins with # is a header', '#a,b\n1,2\n', [['1', '2']]],
    ['without quotes a quote is a character', 'a,b\n"1,2"\n', [['"1', '2"']], { quote: null }],
    ['fields between single quotes', "a,b\n'1,5','it''s'\n", [['1,5', "it's"]]],
    [
      'a first record with a number in it is a row',
      '1,x\n2,y\n',
      [
        ['1', 'x'],
        ['2', 'y'],
      ],
    ],
    ['unless the plan calls it a header', '1,x\n2,y\n', [['2', 'y']], { header: true }],
  ];
  for (const [name, text, rows, settings] of cases)
    it(name, async () => assert.deepEqual((await readDelimited(text, settings)).rows, rows));

  it('tells the line and the byte of each record, also behind quoted line ends', async () => {
    const { places } = await readDelimited('a,b\n1,"x\ny"\n\n2,é\n3,z\n');
    assert.deepEqual(places, ['t.csv line 2, byte 4', 't.csv line 5, byte 13', 't.csv line 6, byte 18']);
  });

  it('keeps the bytes of what is no record, and goes on behind it', async () => {
    const { rows } = await readDelimited('a,b\n1,2\n3\n"4"x,5\n6,7\n');
    const found = rows.map((row) => row.map(shown));
    assert.deepEqual(found, [
      ['1', '2'],
      ['3: The record has 1 field instead of 2', '3: The record has 1 field instead of 2'],
      Array(2).fill('"4"x,5: The record has text between a closing quote and the next delimiter'),
      ['6', '7'],
    ]);
  });

  it('keeps the bytes of a broken text in a file of UTF-8', async () => {
    const { rows, dialect } = await readDelimited(
      Buffer.concat([Buffer.from('a,b\n1,é\n2,ü\n3,'), Buffer.of(0xff, 0x61), Buffer.from('\n')]),
    );
    assert.equal(dialect.encoding, 'utf-8');
    assert.deepEqual(
      rows.map((row) => row.map(shown)),
      [
        ['1', 'é'],
        ['2', 'ü'],
        ['3', 'invalid ff61'],
      ],
    );
  });

  it('without a header has as many columns as most records, whatever the first is', async () => {
    const { columns, rows } = await readDelimited('1,x,odd\n2,y\n3,z\n');
    assert.deepEqual(
      [columns, rows.slice(1)],
      [
        ['column_1', 'column_2'],
        [
          ['2', 'y'],
          ['3', 'z'],
        ],
      ],
    );
    assert.ok(rows[0]?.[0] instanceof UnreadableRecord);
  });

  it('finds backslashes that leave a quote open where doubled quotes are looked for', async () => {
    const good = Array.from({ length: 60_000 }, (_, i) => `${i},"plain, quoted"\n`).join('');
    const { rows, dialect } = await readDelimited(`a,b\n${good}7,"ends in \\""\n8,x\n`);
    assert.deepEqual([dialect.escape, rows.at(-2), rows.at(-1)], ['\\', ['7', 'ends in "'], ['8', 'x']]);
  });

  it('reads with a buffer that does not grow with the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-buffer-'));
    const path = join(folder, 'large.csv');
    await writeFile(path, 'id,words\n1,"some words, in quotes"\n'.repeat(200_000));
    const descriptor = openSync(path, 'r');
    try {
      const dialect = { ...(await readDelimited('a,b\n1,x\n')).dialect };
      const reader = new RecordReader({ descriptor, size: statSync(path).size, location: path }, dialect, { at: 0, line: 1 }, false);
      let [records, largest] = [0, 0];
      while (reader.read()) {
        records++;
        largest = Math.max(largest, reader.buffer.buffer.byteLength);
      }
      assert.equal(records, 400_000);
      assert.ok(largest <= 2 ** 18, `${largest}`);
    } finally {
      closeSync(descriptor);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('reads records that are larger than its buffer', async () => {
    const large = 'ab"c\n'.repeat(200_000);
    const { rows } = await readDelimited(`a,b\n1,"${large.replaceAll('"', '""')}"\n2,x\n`);
    assert.ok(rows[0]?.[1] === large);
    assert.deepEqual(rows[1], ['2', 'x']);
  });
});

function shown(value: SourceValue): unknown {
  if (value instanceof UnreadableRecord) return `${Buffer.from(value.bytes).toString()}: ${value.reason}`;
  return value instanceof InvalidText ? `invalid ${Buffer.from(value.bytes).toString('hex')}` : value;
}
