import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly activationEvents?: readonly string[];
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the extension in the extension host', () => {
  it('is found', () => {
    assert.equal(extension().packageJSON.publisher, 'sluice');
  });

  it('waits for something of its own before it starts', () => {
    const events = manifest().activationEvents ?? [];
    assert.deepEqual(
      events.filter((event) => event === '*' || event === 'onStartupFinished'),
      [],
    );
  });

  it('activates without an error', async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it('has every command that it contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed = manifest().contributes.commands.map((entry) => entry.command);
    assert.notEqual(contributed.length, 0);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('sluice.sluice');
  assert.ok(found, 'the editor does not know sluice.sluice');
  return found;
}

function manifest(): Manifest {
  return extension().packageJSON as Manifest;
}
