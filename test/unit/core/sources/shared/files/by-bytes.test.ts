import assert from 'node:assert/strict';
import fc from 'fast-check';
import { byBytes } from '../../../../../../src/core/sources/shared/files/by-bytes.ts';

describe('the order of paths', () => {
  it('is that of their bytes as UTF-8, also of signs that take two units', () => {
    const sign = fc.oneof(
      fc.constantFrom('a', '/', '.', '\u{fffd}', '\u{e000}', '\u{1f389}', '\u{10000}', '\ud7ff'),
      fc.string({ unit: 'binary' }),
    );
    const text = fc.array(sign, { maxLength: 4 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(Math.sign(byBytes(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 500 },
    );
  });
});
