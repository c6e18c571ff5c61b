/** "Notifications": the history as a list, where each entry leads to what it is about. */
import { commands, l10n, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import type { Notice, NoticePlace } from '../../server/protocol/notice.ts';
import { noticeWords } from '../../server/protocol/notice-text.ts';
import type { CommandHost } from '../command-host.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import { countUnread, noticeIcons, typeName } from './notice-model.ts';
import { isDoNotDisturb, setDoNotDisturb } from './notice-settings.ts';

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

/** Goes to what it is about; what was opened is read. It may have been cleared while it was on the screen. */
export async function openNotice(host: CommandHost, { id, place, about }: Notice): Promise<void> {
  await host.fleet.whenLoaded();
  const { notices } = host;
  const known = notices.state.notices.find((notice) => notice.id === id);
  if (known && !known.isRead) await notices.markRead(known);
  if (place.kind === 'secret') return openSecret(place.secret, about);
  if (!(await goTo(host, place))) throw new AgorError('notFound', l10n.t('What this notification is about is not there any more.'));
}

/** The one with that id, for a link in a message; without an id the latest unread one, for who has only the keyboard. */
export async function openNoticeById(host: CommandHost, argument: unknown): Promise<void> {
  const { notices } = host.notices.state;
  if (typeof argument !== 'string') {
    const latest = notices.find(({ isRead }) => !isRead);
    return latest ? openNotice(host, latest) : showNotices(host);
  }
  const notice = notices.find(({ id }) => id === argument);
  if (!notice) throw new AgorError('notFound', l10n.t('That notification is not in the list any more.'));
  await openNotice(host, notice);
}

/** One that leaked is rotated; of one that was, there is nothing to do but to look. */
async function openSecret(name: string, { kind }: Notice['about']): Promise<void> {
  if (kind === 'secretWithheld') await commands.executeCommand('agor.rotateSecret', name);
  else await commands.executeCommand('agor.listSecrets');
}

const commandOf = {
  drill: 'agor.drillBackup',
  backend: 'agor.showHealth',
  storage: 'agor.openMetrics',
  retention: 'agor.reviewRetention',
} as const;

/** Answers whether there is anything to go to. */
async function goTo({ fleet, chats, openPlace }: CommandHost, place: Exclude<NoticePlace, { kind: 'secret' }>): Promise<boolean> {
  if (place.kind === 'drill' || place.kind === 'backend' || place.kind === 'storage' || place.kind === 'retention') {
    await commands.executeCommand(commandOf[place.kind]);
    return true;
  }
  if (place.kind === 'message' || place.kind === 'deadLetter' || place.kind === 'task') return openPlace(place);
  const { agentId } = place;
  if (!fleet.agent(agentId)) return false;
  if (place.kind === 'agent') chats.show(agentId, null);
  else if (place.itemId === null) chats.show(agentId, place.sessionId);
  else return openPlace({ kind: 'item', agentId, sessionId: place.sessionId, itemId: place.itemId });
  return true;
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
  const { type, about, at, count, isRead } = notice;
  const { title, text } = noticeWords(about, l10n.t);
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
