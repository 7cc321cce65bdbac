import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readDocuments } from '../../../../helpers/read-json.ts';

describe('reading the documents of a file', () => {
  const cases: readonly (readonly [string, string, readonly unknown[]])[] = [
    ['J08 one object', '{"a":1}', ['{"a":1}']],
    ['J08 one object over several lines', '{\n  "a": 1\n}\n', ['{"a":1}']],
    ['J08 an array at the top', '[{"a":1}, 2,\n[3]]\n', ['{"a":1}', '2', '[3]']],
    ['J08 an empty array', '[ ]', []],
    ['J08 NDJSON', '{"a":1}\n\n{"a":2}\r\n{"a":3}', ['{"a":1}', '{"a":2}', '{"a":3}']],
    ['J08 NDJSON of arrays', '[1]\n[2]\n', ['[1]', '[2]']],
    ['J08 a byte order mark', '\ufeff{"a":1}', ['{"a":1}']],
    ['J08 a byte order mark before lines', '\ufeff{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['J08 concatenated objects', '{"a":1}{"a":2} {"a":\n3}', ['{"a":1}', '{"a":2}', '{"a":3}']],
    ['J08 concatenated arrays', '[1,2][3]', ['1', '2', '3']],
    ['a broken line, and what is behind it', '{"a":1}\n{"a":\n{"a":3}\n', ['{"a":1}', null, '{"a":3}']],
    ['a broken first line', '{"a":\n{"a":2}\n{"a":3}\n', [null, '{"a":2}', '{"a":3}']],
    ['two values in a line', '{"a":1}\n{"a":2}{"a":3}\n', ['{"a":1}', null]],
    ['J10 an array that is cut off', '[{"a":1},{"a":2', ['{"a":1}', null]],
    ['J10 an array that is cut off behind a comma', '[{"a":1},', ['{"a":1}', null]],
    ['a missing comma', '[1 2]', ['1', null]],
    ['a comma at the end', '[1,]', ['1', null]],
    ['something behind the array', '[1] x', ['1', null]],
  ];
  for (const [name, text, expected] of cases)
    it(name, async () => {
      const read = await readDocuments(text);
      assert.deepEqual(
        read.map(({ json }) => json),
        expected,
      );
      assert.deepEqual(
        read.map(({ document }) => document),
        expected.map((_, i) => i),
      );
    });

  it('tells byte and line of each, and the byte where a broken one goes wrong', async () => {
    const lines = await readDocuments('{"a":1}\n\n{"a" 2}\n{"a":3}\n');
    assert.deepEqual(
      lines.map(({ at, line, faultAt }) => [at, line, faultAt]),
      [
        [0, 1, null],
        [9, 3, 14],
        [17, 4, null],
      ],
    );
    const array = await readDocuments('[\n  {"a":\n 1},\n  {"a":"x');
    assert.deepEqual(
      array.map(({ at, line, faultAt }) => [at, line, faultAt]),
      [
        [4, 2, null],
        [17, 4, 24],
      ],
    );
    assert.equal(array[1]!.fault, 'ends in the middle of a value');
  });

  it('reads the documents of every way to write them, however large they are', async () => {
    const word = fc.string({ maxLength: 8 }).map((text) => text.repeat(9_000));
    const documents = fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.record({ text: word })), {
      minLength: 2,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(documents, fc.constantFrom(0, 2), async (values, space) => {
        const json = values.map((value) => JSON.stringify(value));
        const pretty = values.map((value) => JSON.stringify(value, null, space));
        const expected = json.map((text) => JSON.parse(text) as unknown);
        const ways = [
          `[${pretty.join(' ,\n')}]`,
          json.join('\n'),
          json.join('\r\n') + '\r\n',
          pretty.join(' '),
          `\ufeff${pretty.join('')}`,
        ];
        for (const text of ways) {
          const read = await readDocuments(text);
          assert.deepEqual(
            read.map((one) => JSON.parse(one.json as string) as unknown),
            expected,
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it('gives documents or a fault with a place for any bytes', async () => {
    const piece = fc.oneof(
      fc.constantFrom('[', ']', '{', '}', ',', '{"a":1}', '\n', '"', '1', '[1,', '\\'),
      fc.uint8Array({ maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom(undefined, 'lines' as const, 'values' as const),
        async (pieces, framing) => {
          const bytes = Buffer.concat(pieces.map((one) => Buffer.from(one as string)));
          const read = await readDocuments(bytes, framing === undefined ? {} : { framing });
          let at = -1;
          for (const one of read) {
            assert.ok(one.at > at);
            at = one.at;
            assert.equal(one.fault === null, one.json !== null);
            assert.ok(one.faultAt === null || (one.faultAt >= one.at && one.faultAt <= bytes.length));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('J10 takes no document beyond the limit, and goes on behind such a line', async () => {
    const long = `{"a":"${'x'.repeat(600_000)}"}`;
    const lines = await readDocuments(`{"a":1}\n${long}\n{"a":3}\n`, { limit: 300_000 });
    assert.deepEqual(
      lines.map(({ json, fault }) => [json, fault]),
      [
        ['{"a":1}', null],
        [null, 'has more than 300000 bytes'],
        ['{"a":3}', null],
      ],
    );
    const array = await readDocuments(`[{"a":1},${long},{"a":3}]`, { limit: 300_000 });
    assert.deepEqual(
      array.map(({ fault }) => fault),
      [null, 'has more than 300000 bytes'],
    );
  });
});
