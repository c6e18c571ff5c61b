import assert from 'node:assert/strict';
import { commands, type Tab, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('the chat panel', () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
  });

  after(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it("opens one panel for an agent, with the agent's name as its title", async () => {
    const [agent] = subject.fleet.state.agents;
    assert.ok(agent);
    const node = { kind: 'agent', id: agent.id };
    await commands.executeCommand('agor.openChat', node);
    await commands.executeCommand('agor.openChat', node);
    await until(window.tabGroups.onDidChangeTabs, () => chatTabs().length > 0);
    assert.deepEqual(
      chatTabs().map(({ label }) => label),
      [agent.name],
    );
    assert.equal(subject.chats.isVisible(agent.id), true);
  });
});

function chatTabs(): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('agor.chat'));
}
