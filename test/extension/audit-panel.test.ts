import assert from 'node:assert/strict';
import { commands, type Tab, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('the audit panel', () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
  });

  after(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens one panel, however often it is asked for, also at a row', async () => {
    await commands.executeCommand('agor.openAuditLog');
    await commands.executeCommand('agor.openAuditLog', { seq: 1 });
    await until(window.tabGroups.onDidChangeTabs, () => auditTabs().length > 0);
    assert.deepEqual(
      auditTabs().map(({ label }) => label),
      ['Audit Log'],
    );
    assert.equal(subject.audit.isVisible, true);
  });

  it('opens again after it was closed', async () => {
    await window.tabGroups.close(auditTabs());
    assert.equal(subject.audit.isVisible, false);
    await commands.executeCommand('agor.openAuditLog');
    await until(window.tabGroups.onDidChangeTabs, () => auditTabs().length > 0);
  });
});

function auditTabs(): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes('agor.audit'));
}
