import assert from 'node:assert/strict';
import { commands, type Tab, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('the metrics', () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
  });

  after(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('open one panel, however often they are asked for, and again after it was closed', async () => {
    await commands.executeCommand('agor.openMetrics');
    await commands.executeCommand('agor.openMetrics');
    await until(window.tabGroups.onDidChangeTabs, () => metricsTabs().length > 0);
    assert.deepEqual(
      metricsTabs().map(({ label }) => label),
      ['Metrics'],
    );
    assert.equal(subject.metrics.isVisible, true);
    await window.tabGroups.close(metricsTabs());
    assert.equal(subject.metrics.isVisible, false);
    await commands.executeCommand('agor.openMetrics');
    await until(window.tabGroups.onDidChangeTabs, () => metricsTabs().length > 0);
  });
});

function metricsTabs(): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('agor.metrics'));
}
