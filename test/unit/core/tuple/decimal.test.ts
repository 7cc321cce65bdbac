import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Decimal } from '../../../../src/core/tuple/decimal.ts';

const decimal = new Decimal();

function plain(text: string): string | null {
  return decimal.parse(text) ? decimal.plainText() : null;
}

describe('Decimal', () => {
  const cases: readonly (readonly [text: string, plain: string | null])[] = [
    ['0', '0'],
    ['-0', '0'],
    ['000.000', '0'],
    ['1.50', '1.5'],
    ['+12', '12'],
    ['100', '100'],
    ['1e2', '100'],
    ['1.5e-3', '0.0015'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.0012300', '-0.00123'],
    ['9007199254740993', '9007199254740993'],
    ['', null],
    ['.', null],
    ['-', null],
    ['1e', null],
    ['1e+', null],
    ['1 ', null],
    ['1e5x', null],
    ['NaN', null],
    ['1_000', null],
  ];
  for (const [text, expected] of cases) it(`reads ${JSON.stringify(text)}`, () => assert.equal(plain(text), expected));

  it('gives back every integer and its shifts', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -30, max: 30 }), (integer, exponent) => {
        const shifted = plain(`${integer}e${exponent}`);
        assert.equal(plain(`${shifted}e${-exponent}`), String(integer));
      }),
    );
  });

  it('rounds half away from zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -3, max: 12 }),
        (integer, places, scale) => {
          decimal.parse(`${integer}e-${places}`);
          const changed = decimal.round(scale);
          // The same in integers: what is dropped decides.
          const unit = 10n ** BigInt(Math.max(0, places - scale));
          const magnitude = integer < 0n ? -integer : integer;
          const kept = (magnitude + unit / 2n) / unit;
          assert.equal(decimal.plainText(), plain(`${integer < 0n && kept !== 0n ? '-' : ''}${kept * unit}e-${places}`));
          assert.equal(changed, magnitude % unit !== 0n);
        },
      ),
    );
  });
});
