import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TupleReader } from '../../../../src/core/tuple/tuple-reader.ts';
import { copyHeader, copyTrailer, tuple } from '../../../helpers/copy-bytes.ts';

function read(pieces: readonly Uint8Array[]): Buffer[] {
  const tuples: Buffer[] = [];
  const reader = new TupleReader((buffer, start, end) => tuples.push(Buffer.from(buffer.subarray(start, end))));
  for (const piece of pieces) {
    // A driver may reuse its piece at once.
    const lent = Buffer.from(piece);
    reader.push(lent);
    lent.fill(0xee);
  }
  reader.end();
  return tuples;
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
}

const field = fc.option(fc.uint8Array({ maxLength: 300 }));

describe('TupleReader', () => {
  it('finds the same tuples wherever the pieces end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 6 }), { maxLength: 20 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (rows, places) => {
          const tuples = rows.map((fields) => tuple(...fields));
          const stream = Buffer.concat([copyHeader, ...tuples, copyTrailer]);
          assert.deepEqual(read(cut(stream, places)), tuples);
        },
      ),
    );
  });

  it('takes single bytes', () => {
    const tuples = [tuple(Buffer.from('ab'), null), tuple(Buffer.from(''), Buffer.from('c'))];
    const stream = Buffer.concat([copyHeader, ...tuples, copyTrailer]);
    assert.deepEqual(read([...stream].map((byte) => Uint8Array.of(byte))), tuples);
  });

  it('steps over a header extension', () => {
    const header = Buffer.from(copyHeader);
    header.writeInt32BE(5, 15);
    assert.equal(read([header, Buffer.from('extra'), tuple(null), copyTrailer]).length, 1);
  });

  it('does not copy a tuple that lies within a piece', () => {
    const piece = Buffer.concat([copyHeader, tuple(Buffer.from('ab')), copyTrailer]);
    new TupleReader((buffer) => assert.equal(buffer.buffer, piece.buffer)).push(piece);
  });

  it('notices what is no whole stream', () => {
    assert.throws(() => read([copyHeader, tuple(null)]), { code: 'copy-stream-damaged' });
    assert.throws(() => read([copyHeader, tuple(null).subarray(0, 4), copyTrailer]), { code: 'copy-stream-damaged' });
    assert.throws(() => read([Buffer.from('id,name\n1,some name\n')]), { code: 'copy-stream-damaged' });
    assert.throws(() => read([copyHeader, copyTrailer, tuple(null)]), { code: 'copy-stream-damaged' });
    assert.throws(() => read([]), { code: 'copy-stream-damaged' });
  });
});
