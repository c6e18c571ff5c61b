import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension in VS Code', () => {
  const extension = vscode.extensions.getExtension('agor.agent-orchestrator');

  it('activates', async () => {
    assert.ok(extension, 'VS Code does not know the extension.');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command it contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed: { command: string }[] = extension?.packageJSON.contributes.commands ?? [];
    assert.notEqual(contributed.length, 0);
    assert.deepEqual(
      contributed.filter(({ command }) => !registered.has(command)),
      [],
    );
  });
});
