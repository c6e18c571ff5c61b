import assert from 'node:assert/strict';
import { commands, type Tab, TabInputText, TabInputWebview, window } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { type Opening, openHit } from '../../extension/search/open-hit.ts';
import { SearchPick } from '../../extension/search/search-pick.ts';
import type { SearchHit } from '../../server/protocol/search.ts';
import { sampleAnswer, sampleHit, samplePlace } from '../support/search-samples.ts';
import { connectedSubject, until } from './subject.ts';

describe('the search', () => {
  let subject: ExtensionForTests;

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
  });

  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('opens by its command with how to ask, and closes without a trace', async () => {
    await commands.executeCommand('agor.search');
    assert.equal(subject.search.isOpen, true);
    assert.ok(subject.search.rows.some(({ kind }) => kind === 'example'));
    const closed = until(subject.search.onDidChange, () => !subject.search.isOpen);
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await closed;
  });

  it('opens the chosen hit when the person presses Enter', async () => {
    const hit = sampleHit(1);
    const opened = Promise.withResolvers<SearchHit>();
    const shown = Promise.withResolvers<void>();
    const search = new SearchPick({
      searchAll: async ({ order }) => {
        if (order === 'best') shown.resolve();
        return sampleAnswer([hit]);
      },
      open: async (chosen) => opened.resolve(chosen),
      onCaughtUp: () => ({ dispose: () => {} }),
      onFailure: opened.reject,
    });
    search.show('login');
    await shown.promise;
    await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    assert.equal((await opened.promise).id, hit.id);
  });

  it('leads to a message of an agent, to a task, and to a text for what no view can show', async () => {
    const [agent] = subject.fleet.state.agents;
    assert.ok(agent);
    const message = { kind: 'message', messageId: 'm', sender: agent.id, agentId: agent.id };
    await open(message);
    await until(window.tabGroups.onDidChangeTabs, () => tabsOf('agor.chat').length > 0);
    const task = await subject.backend.call('task/add', { title: 'Found by the search' });
    await open({ kind: 'task', teamId: task.teamId, taskId: task.id });
    await until(window.tabGroups.onDidChangeTabs, () => tabsOf('agor.board').length > 0);
    await open({ kind: 'item', projectId: agent.projectId, agentId: null, sessionId: 's', itemId: 'i' });
    assert.match(window.activeTextEditor?.document.getText() ?? '', /The agent was removed/);
    await open({ kind: 'audit', seq: 1 });
    await until(window.tabGroups.onDidChangeTabs, () => tabsOf('agor.audit').length > 0);
    await open({ kind: 'audit', seq: 1 }, 'behind');
    assert.match(window.activeTextEditor?.document.getText() ?? '', /Row 1 of the audit log/);
    assert.ok(tabs().some(({ input }) => input instanceof TabInputText));
  });

  async function open(place: unknown, how: Opening = 'inFront'): Promise<void> {
    const { backend, fleet, teamwork, chats, board, audit, documents, log, tree } = subject;
    const deps = { backend, fleet, teamwork, chats, board, audit, documents, log, tree };
    await openHit(deps, sampleHit(1, 'messages', { place: samplePlace(place) }), how);
  }
});

function tabs(): Tab[] {
  return window.tabGroups.all.flatMap((group) => group.tabs);
}

function tabsOf(viewType: string): Tab[] {
  return tabs().filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(viewType));
}
