import assert from 'node:assert/strict';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../../../src/core/report/format-quantity.ts';
import { short } from '../../../../src/core/report/report-block.ts';
import { shellWord } from '../../../../src/core/report/shell-word.ts';

describe('quantities', () => {
  for (const [count, text] of [
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567.4, '1,234,567'],
  ] as const) {
    it(`count ${count}`, () => assert.equal(formatCount(count), text));
  }
  for (const [seconds, text] of [
    [0, '0.00 s'],
    [9.994, '9.99 s'],
    [9.996, '10.0 s'],
    [59.96, '1 min 00 s'],
    [185.4, '3 min 05 s'],
    [7440, '2 h 04 min'],
  ] as const) {
    it(`${seconds} seconds`, () => assert.equal(formatSeconds(seconds), text));
  }
  for (const [bytes, text] of [
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [1024 ** 3 - 1, '1.0 GiB'],
    [5e15, '4547.5 TiB'],
  ] as const) {
    it(`${bytes} bytes`, () => assert.equal(formatBytes(bytes), text));
  }
  it('one and many', () => {
    assert.equal(formatNumber(1, 'row'), '1 row');
    assert.equal(formatNumber(0, 'index', 'indexes'), '0 indexes');
  });
  it('shortens by characters, never through a surrogate pair', () => {
    assert.equal(short('abc', 3), 'abc');
    assert.equal(short('abcd', 3), 'ab…');
    assert.equal(short('😀😀😀😀', 3), '😀😀…');
    assert.equal(short(null), 'NULL');
  });
  it('shell words survive a shell', () => {
    assert.equal(shellWord('embedded:.sluice/postgres'), 'embedded:.sluice/postgres');
    assert.equal(shellWord("it's a plan"), "'it'\\''s a plan'");
    assert.equal(shellWord(''), "''");
  });
});
