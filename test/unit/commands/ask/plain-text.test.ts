import assert from 'node:assert/strict';
import { plainLabel, plainMessage } from '../../../../src/commands/ask/plain-text.ts';

describe('texts of others in the editor', () => {
  for (const link of ['command:workbench.action.quit', 'https://example.invalid', 'HTTP://example.invalid', 'file:///etc/passwd']) {
    it(`never become a link: ${link}`, () => {
      // As the editor finds links in a notification.
      const found = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
      const text = `store [click](${link}).db and [again](${link} "title")`;
      assert.match(text, found);
      assert.doesNotMatch(plainMessage(text), found);
    });
  }

  it('stay as they are without links', () => {
    for (const text of ['orders[1] (all)', 'f(x)[0](y)', 'naïve — 表.db', '']) assert.equal(plainMessage(text), text);
  });

  it('never become an icon', () => {
    // As the editor finds icons in a label: a backslash in front makes it text.
    const icon = /(?<!\\)\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;
    for (const text of ['$(bug) x', 'a$(sync~spin)', '$(a)$(b)']) assert.doesNotMatch(plainLabel(text), icon, text);
    assert.equal(plainLabel('costs $(5 + 1) and $x'), 'costs $(5 + 1) and $x');
  });

  it('stay on one line and in one direction', () => {
    assert.equal(plainMessage('a\r\nb\u202egpj.db\u0000'), 'a b gpj.db ');
    assert.equal(plainLabel('a\tb'), 'a b');
  });
});
