import assert from 'node:assert/strict';
import { commands, type Tab, TabInputWebview, window, workspace } from 'vscode';
import type { ExtensionForTests } from '../../extension/extension.ts';
import { openNotice } from '../../extension/notices/notice-commands.ts';
import type { Notice, NoticePlace } from '../../server/protocol/notice.ts';
import { connectedSubject, until } from './subject.ts';

describe('notices', () => {
  let subject: ExtensionForTests;
  // An agent of its own: what the others do goes on beside it.
  const ofKind = (kind: Notice['about']['kind']) =>
    subject.notices.state.notices.find(({ about }) => about.kind === kind && 'agent' in about && about.agent === 'told');
  const noticed = async (kind: Notice['about']['kind']): Promise<Notice> => {
    await until(subject.notices.onDidChange, () => ofKind(kind) !== undefined);
    return ofKind(kind) ?? assert.fail();
  };

  before(async () => {
    subject = await connectedSubject();
    await until(subject.fleet.onDidChange, () => subject.fleet.state.agents.length > 0);
    const project = subject.fleet.state.projects[0]?.id ?? '';
    const environment = { AGOR_DEMO_SPEED: '0' };
    const { id } = await subject.backend.call('agent/add', { project, name: 'told', provider: 'demo', environment });
    await until(subject.fleet.onDidChange, () => subject.fleet.agent(id) !== undefined);
  });
  after(() => subject.backend.call('agent/remove', { agent: 'told' }));
  beforeEach(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await subject.backend.call('notice/clear', {});
  });
  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('come with what happened, are counted, and one that was opened is read and shows its session', async () => {
    await subject.backend.call('agent/prompt', { agent: 'told', text: 'help' });
    const notice = await noticed('turnFinished');
    assert.ok(subject.notices.state.unread > 0);
    await commands.executeCommand('agor.openNotice', notice.id);
    await until(window.tabGroups.onDidChangeTabs, () => chats().length > 0);
    await until(subject.notices.onDidChange, () => ofKind('turnFinished')?.isRead === true);
  });

  it('of a question lead to it, and are read once it is answered', async () => {
    await subject.backend.call('agent/prompt', { agent: 'told', text: 'ask' });
    const { place } = await noticed('question');
    assert.equal(place.kind === 'question' && place.itemId !== null, true);
    const [approval] = (await subject.backend.call('approval/list', {})).approvals;
    await subject.backend.call('approval/answer', { approval: approval?.id ?? '', decision: 'deny', hash: approval?.hash ?? '' });
    await until(subject.notices.onDidChange, () => ofKind('question')?.isRead === true);
    await noticed('turnFinished');
  });

  it('lead to a message, to a task and to the health, and say so when what they are about is gone', async () => {
    await subject.backend.call('agent/prompt', { agent: 'told', text: 'tell person hello' });
    await openNotice(subject, await noticed('message'));
    await until(window.tabGroups.onDidChangeTabs, () => chats().length > 0);
    const { id: taskId, teamId } = await subject.backend.call('task/add', { title: 'Led to by a notice' });
    await openNotice(subject, leadingTo({ kind: 'task', taskId, teamId }));
    await until(window.tabGroups.onDidChangeTabs, () => tabsOf('agor.board').length > 0);
    const removed = leadingTo({ kind: 'agent', agentId: noAgent });
    await assert.rejects(openNotice(subject, removed), /not there any more/);
  });

  it('are kept while the person is not to be disturbed', async () => {
    await commands.executeCommand('agor.toggleDoNotDisturb');
    assert.equal(workspace.getConfiguration('agor').get('notifications.doNotDisturb'), true);
    await subject.backend.call('agent/prompt', { agent: 'told', text: 'help' });
    await noticed('turnFinished');
    // What was set in the editor holds for the desktop too: the backend has it before it ends a turn that was asked for later.
    assert.equal((await subject.backend.call('settings/get', {})).values['notifications.doNotDisturb'], true);
    await commands.executeCommand('agor.toggleDoNotDisturb');
    assert.equal(workspace.getConfiguration('agor').get('notifications.doNotDisturb'), false);
  });

  it('are shown as a list that closes without a trace', async () => {
    await commands.executeCommand('agor.showNotices');
    await commands.executeCommand('workbench.action.closeQuickOpen');
  });
});

const noAgent = '0197c1d8-1111-7000-8000-0000000000ff' as Extract<NoticePlace, { kind: 'agent' }>['agentId'];

function leadingTo(place: NoticePlace): Notice {
  const about = { kind: 'problem', problem: '' } as const;
  // It is in no list, so its id is nobody's.
  const id = noAgent as string as Notice['id'];
  return { id, type: 'info', about, place, title: '', text: '', at: 1, count: 1, isRead: false };
}

function chats(): Tab[] {
  return tabsOf('agor.chat');
}

function tabsOf(viewType: string): Tab[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(viewType));
}
