import assert from 'node:assert/strict';
import { engineEnvironment } from '../../../../src/host/engines/engine-environment.ts';

describe('engineEnvironment', () => {
  it("leaves the editor's own variables out and makes Electron a Node", () => {
    const environment = { HOME: '/home/a', PGHOST: 'db', VSCODE_PID: '1', VSCODE_IPC_HOOK: '/x', GONE: undefined };
    assert.deepEqual(engineEnvironment(environment), { HOME: '/home/a', PGHOST: 'db', ELECTRON_RUN_AS_NODE: '1' });
  });
});
