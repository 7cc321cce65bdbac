import assert from 'node:assert/strict';
import { ByteWriter } from '../../../../src/core/tuple/byte-writer.ts';

describe('ByteWriter', () => {
  it('keeps what was written when it grows', () => {
    const out = new ByteWriter(2);
    for (let i = 0; i < 300; i++) {
      out.ensure(4);
      out.dataView.setInt32(out.position, i);
      out.position += 4;
    }
    assert.equal(out.view().length, 1200);
    assert.deepEqual([out.view().readInt32BE(0), out.view().readInt32BE(1196)], [0, 299]);
  });

  it('copies pieces of any length', () => {
    const source = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));
    for (const length of [0, 1, 127, 128, 129, 900]) {
      const out = new ByteWriter(8);
      out.copy(source, 50, 50 + length);
      assert.deepEqual(Buffer.from(out.view()), Buffer.from(source.subarray(50, 50 + length)));
    }
  });

  it('gives the memory of one huge cell back', () => {
    const out = new ByteWriter();
    out.ensure(40 << 20);
    out.reset();
    assert.ok(out.buffer.length < 1 << 20);
    assert.equal(out.dataView.byteLength, out.buffer.length);
    out.ensure(1 << 20);
    const usual = out.buffer;
    out.reset();
    assert.equal(out.buffer, usual, 'the usual size is kept');
  });
});
