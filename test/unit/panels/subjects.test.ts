import assert from 'node:assert/strict';
import { isNeighboursSubject, isReportSubject, isRowDiffSubject, isRowsSubject, isVectorMapSubject } from '../../../src/panels/subjects.ts';

describe('subjects that a page kept', () => {
  it('are taken when they say all that is needed', () => {
    assert.ok(isRowsSubject({ side: 'source', location: '/a/b.db', table: 't' }));
    assert.ok(isRowsSubject({ side: 'target', profile: 'embedded', schema: 's', table: 't', filter: 'a = 1' }));
    assert.ok(isRowDiffSubject({ profile: 'p', table: 's.t', input: { kind: 'run', runId: 'r' } }));
    assert.ok(isRowDiffSubject({ profile: 'p', table: 's.t', input: { kind: 'plan', path: '/a/b.sluice.json' } }));
    assert.ok(isNeighboursSubject({ profile: 'p', schema: 's', table: 't', column: 'c', key: null }));
    assert.ok(isReportSubject({ profile: 'p', runId: 'r' }));
    assert.ok(isVectorMapSubject({ profile: 'p', schema: 's', table: 't', column: 'c' }));
  });

  it('are refused when they do not, or when a path depends on where the editor runs', () => {
    for (const state of [undefined, null, [], 'a', {}, { side: 'source', table: 't' }, { side: 'source', location: 'b.db', table: 't' }])
      assert.equal(isRowsSubject(state), false, JSON.stringify(state));
    assert.equal(isRowsSubject({ side: 'source', location: '../b.db', table: 't' }), false);
    assert.equal(isRowsSubject({ side: 'target', location: '/a/b.db', table: 't' }), false);
    assert.equal(isRowsSubject({ side: 'source', location: '/a/b.db', table: 't', filter: 1 }), false);
    assert.equal(isRowDiffSubject({ profile: 'p', table: 's.t', input: { kind: 'plan', path: 'b.sluice.json' } }), false);
    assert.equal(isRowDiffSubject({ profile: 'p', table: 's.t', input: { kind: 'location', location: '/a/b.db' } }), false);
    assert.equal(isNeighboursSubject({ profile: 'p', schema: 's', table: 't', column: 'c', key: [1] }), false);
    assert.equal(isReportSubject({ profile: 'p', runId: 1 }), false);
    assert.equal(isVectorMapSubject({ profile: 'p', schema: 's', table: 't' }), false);
  });
});
