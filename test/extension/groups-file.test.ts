import assert from 'node:assert/strict';
import {
  type CodeLens,
  type CompletionList,
  commands,
  languages,
  Position,
  Range,
  type TextDocument,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('groups.json in VS Code', () => {
  let subject: ExtensionForTests;
  let document: TextDocument;

  before(async () => {
    subject = await connectedSubject();
    await commands.executeCommand('agor.openGroupsFile');
    assert.ok(window.activeTextEditor);
    document = window.activeTextEditor.document;
  });
  after(async () => {
    await write('{ "version": 1, "groups": [] }');
    await document.save();
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  async function write(text: string): Promise<void> {
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(new Position(0, 0), document.positionAt(document.getText().length)), text);
    await workspace.applyEdit(edit);
  }

  const faults = () => languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Agor');
  const agent = () => subject.fleet.state.agents.find(({ name }) => name === 'host-lead');

  it('is made at the first wish for it, as a file with comments that can be used', async () => {
    assert.match(document.uri.fsPath, /\/agor\/groups\.json$/);
    assert.deepEqual([document.languageId, document.getText().includes('"groups": [')], ['jsonc', true]);
    const report = await subject.backend.call('group/apply', {});
    assert.deepEqual([report.exists, report.isInForce, report.problems], [true, true, []]);
  });

  it('shows its faults while it is written, and takes them back', async () => {
    await write('{ "version": 1,\n"groups": 7 }');
    await until(languages.onDidChangeDiagnostics, () => faults().length > 0);
    assert.deepEqual(
      faults().map(({ message, range }) => [message, range.start.line]),
      [['"groups": a list of groups is expected.', 1]],
    );
    await write('{ "version": 1, "groups": [] }');
    await until(languages.onDidChangeDiagnostics, () => faults().length === 0);
  });

  it('offers its fields', async () => {
    await write('{ "version": 1, "groups": [{ "id": "g",  }] }');
    const at = new Position(0, document.getText().indexOf('"g",') + 5);
    const { items } = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
    const labels = items.map(({ label }) => label);
    for (const name of ['name', 'projects', 'agents']) assert.ok(labels.includes(name), labels.join(', '));
  });

  it('is applied when it is saved, and starts an agent from where it is declared', async () => {
    const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath;
    const projects = [{ id: 'p', name: 'Sample', cwd, isAgent: false }];
    const agents = [{ id: 'a', name: 'host-lead', role: 'manager', provider: 'demo' }];
    await write(JSON.stringify({ version: 1, groups: [{ id: 'g', name: 'Group', projects, agents }] }, null, 2));
    await document.save();
    await until(subject.fleet.onDidChange, () => agent() !== undefined);
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
    const start = lenses.find(({ command }) => command?.title === 'Start agent host-lead')?.command;
    assert.ok(start);
    try {
      await commands.executeCommand(start.command, ...(start.arguments ?? []));
      await until(subject.fleet.onDidChange, () => agent()?.state === 'idle');
    } finally {
      await subject.backend.call('agent/remove', { agent: 'host-lead' });
    }
  });
});
