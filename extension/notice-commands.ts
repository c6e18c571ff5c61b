/** "Notifications": the history as a list, where each entry leads to what it is about. */
import { commands, l10n, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import { AgorError } from '../server/protocol/errors.ts';
import type { Notice } from '../server/protocol/notice.ts';
import type { CommandHost } from './command-host.ts';
import { messagesViewId } from './messages-tree.ts';
import { countUnread, noticeIcons, typeName } from './notice-model.ts';
import { isDoNotDisturb, setDoNotDisturb } from './notice-settings.ts';
import { pickText } from './visible-text.ts';
import { timeAgo } from './wording.ts';

type Entry = QuickPickItem & { readonly notice?: Notice; readonly run?: () => Promise<void> };

/** Stays open while notices are marked or cleared, and follows what comes meanwhile. */
export async function showNotices(host: CommandHost): Promise<void> {
  await host.fleet.whenLoaded();
  const { notices, failures } = host;
  const picker = window.createQuickPick<Entry>();
  picker.title = l10n.t('Agor: Notifications');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const fill = () => {
    const { unread } = notices.state;
    picker.items = entries(host);
    picker.placeholder = unread > 0 ? countUnread(unread, l10n.t) : l10n.t('Everything is read');
  };
  const attempt = (work: Promise<void>) => void work.catch((error: unknown) => failures.show(error));
  const changes = notices.onDidChange(fill);
  fill();
  picker.onDidTriggerItemButton(({ item }) => item.notice && attempt(notices.markRead(item.notice)));
  picker.onDidAccept(() => {
    const [picked] = picker.selectedItems;
    if (picked?.run) return attempt(picked.run());
    picker.hide();
    if (picked?.notice) attempt(openNotice(host, picked.notice));
  });
  picker.onDidHide(() => {
    changes.dispose();
    picker.dispose();
  });
  picker.show();
}

/** What was opened is read. */
export async function openNotice(host: CommandHost, notice: Notice): Promise<void> {
  if (!notice.isRead) await host.notices.markRead(notice);
  const { subject, agentId, sessionId } = notice;
  if (subject === 'deadLetter') return void (await commands.executeCommand(`${messagesViewId}.focus`));
  if (subject === 'backend') return void (await commands.executeCommand('agor.showHealth'));
  if (!agentId || !host.fleet.agent(agentId)) throw new AgorError('notFound', l10n.t('The agent that this is about was removed.'));
  host.chats.show(agentId, sessionId);
}

export async function toggleDoNotDisturb(): Promise<void> {
  await setDoNotDisturb(!isDoNotDisturb());
}

function entries({ notices }: CommandHost): Entry[] {
  const { state } = notices;
  const list = state.notices.map(entryOf);
  const nothing: Entry = { label: `$(bell) ${l10n.t('There is nothing to tell yet.')}`, alwaysShow: true, run: async () => {} };
  const separator: Entry = { label: l10n.t('Actions'), kind: QuickPickItemKind.Separator };
  const quiet = isDoNotDisturb() ? l10n.t('Turn Off Do Not Disturb') : l10n.t('Do Not Disturb');
  const actions: Entry[] = [
    ...(state.unread > 0 ? [{ label: `$(check-all) ${l10n.t('Mark All as Read')}`, run: () => notices.markRead() }] : []),
    ...(list.length > 0 ? [{ label: `$(clear-all) ${l10n.t('Clear All')}`, run: () => notices.clear() }] : []),
    { label: `$(bell-slash) ${quiet}`, run: toggleDoNotDisturb },
  ];
  return [...(list.length > 0 ? list : [nothing]), separator, ...actions];
}

function entryOf(notice: Notice): Entry {
  const { type, title, text, at, count, isRead } = notice;
  const description = [
    typeName(type, l10n.t),
    timeAgo(at, Date.now(), l10n.t),
    ...(count > 1 ? [l10n.t('{0} times', count)] : []),
    ...(isRead ? [] : [l10n.t('unread')]),
  ];
  return {
    notice,
    label: `$(${noticeIcons[type]}) ${pickText(title)}`,
    description: description.join(' · '),
    detail: pickText(text.replace(/\s+/g, ' ')),
    buttons: isRead ? [] : [markButton()],
  };
}

function markButton(): QuickInputButton {
  return { iconPath: new ThemeIcon('check'), tooltip: l10n.t('Mark as Read') };
}
