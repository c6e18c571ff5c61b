import assert from 'node:assert/strict';
import { commands, lm, type Tab, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { connectedSubject, until } from './subject.ts';

describe('the board', () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
  });

  after(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens one panel, however often it is asked for', async () => {
    await commands.executeCommand('agor.openBoard');
    await commands.executeCommand('agor.openBoard');
    await until(window.tabGroups.onDidChangeTabs, () => boardTabs().length > 0);
    assert.deepEqual(
      boardTabs().map(({ label }) => label),
      ['Board'],
    );
    assert.equal(subject.board.isVisible, true);
  });

  it('opens again after it was closed', async () => {
    await window.tabGroups.close(boardTabs());
    assert.equal(subject.board.isVisible, false);
    await commands.executeCommand('agor.openBoard');
    await until(window.tabGroups.onDidChangeTabs, () => boardTabs().length > 0);
  });
});

describe('the messages of an agent', () => {
  it('are a tab of its chat', async () => {
    const subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
    const [agent] = subject.fleet.state.agents;
    assert.ok(agent);
    await commands.executeCommand('agor.openComms', { kind: 'agent', id: agent.id });
    await until(window.tabGroups.onDidChangeTabs, () => subject.chats.isVisible(agent.id));
    await commands.executeCommand('workbench.action.closeAllEditors');
  });
});

describe("VS Code's own chat", () => {
  it('knows the tools of the team', () => {
    const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith('agor_'));
    assert.deepEqual(names.sort(), ['agor_add_task', 'agor_list_tasks', 'agor_read_inbox', 'agor_send_message', 'agor_team_status']);
  });
});

function boardTabs(): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith('agor.board'));
}
