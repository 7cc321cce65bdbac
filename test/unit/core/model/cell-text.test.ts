import assert from 'node:assert/strict';
import { cellText, floatText } from '../../../../src/core/model/cell-text.ts';

describe('cellText', () => {
  it('keeps texts and NULL', () => {
    assert.equal(cellText('a'), 'a');
    assert.equal(cellText(''), '');
    assert.equal(cellText(null), null);
  });

  it('says how long a cut text is', () => {
    assert.equal(cellText({ text: 'begins', cut: 900 }), 'begins… (900 characters)');
  });

  it('writes whole vectors as pgvector does, and marks samples', () => {
    assert.equal(cellText({ dimensions: 3, values: new Float32Array([0.1, -0, 2]) }), '[0.1,-0,2]');
    assert.equal(cellText({ dimensions: 384, values: new Float32Array([0.5]) }), '[0.5,…');
  });

  it('finds the shortest decimal of a float32', () => {
    for (const [value, text] of [
      [0.1, '0.1'],
      [16777216, '16777216'],
      [1e-45, '1.4013e-45'],
      [3.4028234663852886e38, '3.4028235e+38'],
      [NaN, 'NaN'],
    ] as const) {
      assert.equal(floatText(Math.fround(value)), text);
      if (!Number.isNaN(value)) assert.equal(Math.fround(Number(text)), Math.fround(value));
    }
  });
});
