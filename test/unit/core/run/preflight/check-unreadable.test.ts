import assert from 'node:assert/strict';
import type { EffectivePlan } from '../../../../../src/core/run/effective-plan.ts';
import type { FrozenSources } from '../../../../../src/core/run/frozen-sources.ts';
import { checkUnreadable } from '../../../../../src/core/run/preflight/check-unreadable.ts';

const sources = new Map([
  [
    'session',
    {
      snapshot: { location: 'main.session' },
      catalog: { tables: [{ name: 'node N' }, { name: 'unreadable', unreadable: true, rows: 3 }] },
    },
  ],
]) as unknown as FrozenSources;

const planOf = (...from: readonly string[]): EffectivePlan =>
  ({ compiled: { tables: from.map((name) => ({ source: 'session', from: name })) } }) as unknown as EffectivePlan;

describe('records that cannot be read', () => {
  it('are a warning where the plan leaves them out', () => {
    const [found] = checkUnreadable(planOf('node N'), sources);
    assert.deepEqual([found?.severity, found?.error.code], ['warning', 'unreadable-left-out']);
    assert.match(found?.error.message ?? '', /^3 records of main\.session cannot be read/);
  });

  it('are rejects where the plan has them', () => assert.deepEqual(checkUnreadable(planOf('node N', 'unreadable'), sources), []));
});
