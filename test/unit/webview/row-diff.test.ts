import assert from 'node:assert/strict';
import { changedPart, shortened } from '../../../webview/row-diff/changed-part.ts';
import { codePoints, looksEqual, visibleChange, visibleText } from '../../../webview/row-diff/visible-text.ts';

describe('changedPart', () => {
  const changed = (source: string, target: string): readonly string[] => {
    const both = changedPart(source, target);
    for (const [text, parts] of [
      [source, both.source],
      [target, both.target],
    ] as const) {
      assert.equal(parts.before + parts.changed + parts.after, text);
    }
    return [both.source.changed, both.target.changed];
  };

  it('finds what lies between the common beginning and end', () => {
    assert.deepEqual(changed('{"conf":0.92}', '{"conf":0.95}'), ['2', '5']);
    assert.deepEqual(changed('aa', 'aaa'), ['', 'a']);
    assert.deepEqual(changed('', 'a'), ['', 'a']);
    assert.deepEqual(changed('same', 'same'), ['', '']);
  });

  it('does not cut apart what reads as one character', () => {
    assert.deepEqual(changed('e', 'e\u0301'), ['e', 'e\u0301']);
    assert.deepEqual(changed('a\u0300b', 'e\u0300b'), ['a\u0300', 'e\u0300']);
    assert.deepEqual(changed('\u{1f469}\u200d\u{1f467} x', '\u{1f469}\u200d\u{1f466} x'), [
      '\u{1f469}\u200d\u{1f467}',
      '\u{1f469}\u200d\u{1f466}',
    ]);
    assert.deepEqual(changed('\u{1f600}', '\u{1f601}'), ['\u{1f600}', '\u{1f601}']);
  });

  it('leaves the change in a long text in sight', () => {
    const { source } = changedPart(`${'x'.repeat(900)}1${'y'.repeat(900)}`, `${'x'.repeat(900)}2${'y'.repeat(900)}`);
    assert.deepEqual(shortened(source, 3, 5), { before: '…xxx', changed: '1', after: 'yyyyy…' });
    assert.deepEqual(shortened({ before: 'abcd', changed: 'e', after: 'f' }, 3, 5), { before: 'abcd', changed: 'e', after: 'f' });
    assert.equal(shortened({ before: 'ab\u{1f600}cd', changed: '', after: '' }, 3, 5).before, '…cd', 'no half of a character');
  });
});

describe('visibleText', () => {
  it('marks blanks at the end, and line ends in a line', () => {
    assert.equal(visibleText('a b  ', 'line'), 'a b··');
    assert.equal(visibleText('a b  ', 'line', false), 'a b  ');
    assert.equal(visibleText('a\tb\r\nc', 'line'), 'a⇥b‹CR›↵c');
    assert.equal(visibleText('a\tb\nc', 'block'), 'a\tb\nc');
  });

  it('names characters that draw nothing, but leaves emoji whole', () => {
    assert.equal(visibleText('a\u200bb\ufeff', 'line'), 'a‹U+200B›b‹U+FEFF›');
    assert.equal(visibleText('\u{1f469}\u200d\u{1f467}', 'line'), '\u{1f469}\u200d\u{1f467}');
  });

  it('shows hard blanks and line ends where they are the change', () => {
    assert.equal(visibleChange('\u00a0x\n', 'block', false), '‹U+00A0›x↵\n');
    assert.equal(visibleChange(' ', 'line', true), '·');
  });
});

describe('looksEqual', () => {
  it('tells texts apart that only differ in how accents are written', () => {
    assert.ok(looksEqual('caf\u00e9', 'cafe\u0301'));
    assert.ok(!looksEqual('a', 'b') && !looksEqual('a', 'a'));
    assert.equal(codePoints('e\u0301'), 'U+0065 U+0301');
  });
});
