import assert from 'node:assert/strict';
import { childEnvironment } from '../../../src/engine/child-environment.ts';

describe('childEnvironment', () => {
  it("leaves out the editor's variables and whatever may hold a password", () => {
    const environment = {
      HOME: '/home/a',
      VSCODE_PID: '1',
      UNSET: undefined,
      PGPASSWORD: 'secret',
      PGHOST: 'db',
      DATABASE_URL: 'postgresql://app:secret@db/shop',
      STAGING: 'POSTGRES://app:secret@db/shop',
      EDITOR: 'vi',
    };
    assert.deepEqual(childEnvironment(environment), { HOME: '/home/a', EDITOR: 'vi', ELECTRON_RUN_AS_NODE: '1' });
  });
});
