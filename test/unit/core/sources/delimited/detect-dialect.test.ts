import assert from 'node:assert/strict';
import { detectDialect } from '../../../../../src/core/sources/delimited/detect-dialect.ts';
import { readSettings } from '../../../../../src/core/sources/delimited/dialect.ts';
import { looksDelimited } from '../../../../../src/core/sources/delimited/looks-delimited.ts';
import { readDelimited } from '../../../../helpers/read-delimited.ts';

describe('the dialect of delimited text', () => {
  /** Text, then what must be found of it. */
  const dialects: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ['commas', 'a,b,c\n1,2,3\n', { delimiter: ',', width: 3, share: 1 }],
    ['semicolons with decimal commas', 'a;b\n1,5;2,5\n3,5;4,5\n', { delimiter: ';', width: 2 }],
    ['tabs with commas in the values', 'a\tb\nx, y\tz\nu, v\tw\n', { delimiter: '\t', width: 2 }],
    ['bars', 'a|b\n1|2\n', { delimiter: '|' }],
    ['commas inside quotes are no delimiters', 'a;b\n"1,2,3";x\n"4,5,6";y\n', { delimiter: ';' }],
    ['a comma and a semicolon that fit alike', 'a,x;b,y\n1,2;3,4\n', { delimiter: ';', rivals: [','] }],
    ['CRLF', 'a,b\r\n1,2\r\n', { lineEnds: 'lf' }],
    ['CR', 'a,b\r1,2\r', { lineEnds: 'cr' }],
    ['all line ends', 'a,b\r\n1,2\r3,4\n', { lineEnds: 'any' }],
    ['a CR inside a value', 'a,b\n1,x\ry\n2,z\n3,w\n', { lineEnds: 'lf' }],
    ['backslashes', 'a,b\n"x \\"y\\", z",1\n', { escape: '\\' }],
    ['a backslash at the end of a quoted path', 'a,b\n"C:\\",1\n"D:\\",2\n', { escape: '"' }],
    ['single quotes', "a,b\n'x,y',1\n", { quote: "'" }],
    ['apostrophes', "a,b\nit's,1\n'tis,2\n", { quote: '"' }],
    ['lines in front of the header', '# one\n# two, three\na,b\n1,2\n', { skipLines: 2 }],
    ['lines of # alone are rows', '#1,x\n#2,y\n', { skipLines: 0, width: 2 }],
    ['one column', 'a\nx\ny\n', { width: 1 }],
  ];
  for (const [name, text, expected] of dialects)
    it(name, () => {
      const { dialect, ...found } = detectDialect(Buffer.from(text), true, {});
      const all: Record<string, unknown> = { ...dialect, ...found };
      assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, all[key]])), expected);
    });

  it('what the plan says is not looked for', () => {
    const { dialect, width } = detectDialect(Buffer.from('a,b\n1,2\n'), true, { delimiter: ';' });
    assert.deepEqual([dialect.delimiter, width], [';', 1]);
  });

  it('settings that are none are named', () => {
    for (const [settings, wrong] of [
      [{ delimiter: ',,' }, /"delimiter".*one ASCII character/],
      [{ delimiter: '\n' }, /"delimiter"/],
      [{ encoding: 'ebcdic' }, /"encoding".*utf-8/],
      [{ header: 'yes' }, /"header".*true or false/],
      [{ skipLines: -1 }, /"skipLines"/],
      [{ decimal: ',' }, /"decimal".*no such setting/],
    ] as const)
      assert.throws(() => readSettings(settings, 't.csv'), wrong);
  });

  it('the plan gets reasons with numbers', async () => {
    const { notes } = await readDelimited('a;b\n1;é\n2;x\n');
    assert.deepEqual(notes, [
      'The delimiter is ";": 2 of 2 records have 2 fields.',
      'Fields may stand between double quotes, and a doubled one stands for one inside.',
      'Lines end with LF or CRLF.',
      'The encoding is UTF-8: the one record that is not ASCII is valid.',
      'On the header: the first record holds the names: it has texts only, and values follow.',
    ]);
  });

  it('a header that nothing proves is called one that is assumed', async () => {
    const { columns, notes } = await readDelimited('name,city\nAda,London\n');
    assert.deepEqual(columns, ['name', 'city']);
    assert.match(notes.join(), /which nothing in the file proves; set "header": false/);
  });
});

describe('what is taken for delimited text', () => {
  const taken: readonly (readonly [string, string | Uint8Array, boolean, string?])[] = [
    ['a table', 'a,b\n1,2\n', true],
    ['a header before a record of many bytes', `a,b\n1,"${'x y, z '.repeat(2_000)}"\n`, true],
    ['a header alone', 'a,b,c\n', true],
    ['UTF-16', Buffer.from('\ufeffa;b\n1;2\n', 'utf16le'), true],
    ['one column under a name that says so', 'a\nx\n', true, 'list.csv'],
    ['one column under another name', 'a\nx\n', false],
    ['a sentence', 'no store at all, just words', false],
    ['sentences', 'Dear Ada, dear Bob,\nthis is a letter.\nIt has commas, more than one, in some lines.\nBye\n', false],
    ['a makefile', 'all:\n\tcc a.c\n\tcc b.c\nrun:\n\techo\n', false],
    ['JSON', '{"a":1,\n"b":2}\n', false],
    ['a list in JSON', '[1,2,\n3,4]\n', false],
    ['XML', '<a b="1,2">\n<c/>\n', false],
    ['a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(200)]), false],
    ['nothing but blanks', '  \n \n', false],
  ];
  for (const [name, bytes, expected, file] of taken)
    it(`${name}: ${expected ? 'yes' : 'no'}`, async () =>
      assert.equal(await looksDelimited(file ?? 'notes.txt', Buffer.from(bytes).subarray(0, 4_096)), expected));
});
