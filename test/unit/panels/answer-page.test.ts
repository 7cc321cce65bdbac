import assert from 'node:assert/strict';
import { answerPage, readMessage, type PageSurroundings } from '../../../src/panels/answer-page.ts';
import { record, text } from '../../../src/panels/check-params.ts';
import { panelProtocolVersion as v } from '../../../src/protocol/panel-protocol.ts';

const signal = new AbortController().signal;

describe('answers to a page', () => {
  it('knows a message by its shape', () => {
    assert.deepEqual(readMessage({ v, id: 1, method: 'ready', params: {}, more: 1 }), { v, id: 1, method: 'ready', params: {} });
    assert.deepEqual(readMessage({ v, cancel: 1 }), { v, cancel: 1 });
    for (const other of [undefined, null, 1, 'cancel', [], {}, { v }, { v, id: '1', method: 'ready' }, { v, id: 1, method: {} }, { id: 1 }])
      assert.equal(readMessage(other), null, JSON.stringify(other));
  });

  it('calls a method with parameters that fit', async () => {
    const { surroundings, called } = page();
    assert.deepEqual(await ask(surroundings, 'open', { name: 'a' }), { v, id: 7, result: 'opened' });
    assert.deepEqual(called, [{ name: 'a' }]);
  });

  it('calls nothing with parameters that do not', async () => {
    const { surroundings, called } = page();
    for (const params of [undefined, {}, { name: 1 }, { name: 'a', subject: { location: '/etc' } }])
      assert.equal(errorOf(await ask(surroundings, 'open', params)), 'internal');
    assert.deepEqual(called, []);
  });

  it('refuses methods that nobody wrote, or that nobody checks', async () => {
    const { surroundings, called } = page();
    for (const method of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'unchecked', 'close', ''])
      assert.equal(errorOf(await ask(surroundings, method, { name: 'a' })), 'internal', method);
    assert.deepEqual(called, []);
  });

  it('calls nothing in a workspace that is not trusted', async () => {
    const { surroundings, called } = page();
    assert.equal(errorOf(await ask({ ...surroundings, isAllowed: () => false }, 'open', { name: 'a' })), 'workspace-not-trusted');
    assert.deepEqual(called, []);
  });

  it('refuses a page of another version, and tells what a method throws', async () => {
    const { surroundings } = page();
    assert.equal(errorOf(await answerPage(surroundings, { v: v + 1, id: 7, method: 'open', params: { name: 'a' } }, signal)), 'bad-usage');
    assert.equal(errorOf(await ask(surroundings, 'fail', { name: 'a' })), 'internal');
  });
});

function page(): { readonly surroundings: PageSurroundings; readonly called: unknown[] } {
  const called: unknown[] = [];
  const check = record({ name: text(10) });
  const handlers = {
    open: (params: unknown) => {
      called.push(params);
      return 'opened';
    },
    fail: () => Promise.reject(new Error('broken')),
    unchecked: (params: unknown) => called.push(params),
  };
  return { called, surroundings: { handlers, checks: { open: check, fail: check, close: check }, isAllowed: () => true } };
}

function ask(surroundings: PageSurroundings, method: string, params: unknown): ReturnType<typeof answerPage> {
  return answerPage(surroundings, { v, id: 7, method, params }, signal);
}

function errorOf(answer: Awaited<ReturnType<typeof answerPage>>): string | null {
  return 'error' in answer ? answer.error.code : null;
}
