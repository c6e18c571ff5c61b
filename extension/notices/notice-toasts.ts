/**
 * Brings new notices onto the screen: what a person has to act on stays until it is answered, the rest passes by after four
 * seconds. VS Code lets nobody close a message that has buttons, so that one stays which was seen to elsewhere. At most five are there at once; all else is in the list only.
 */
import { commands, type Disposable, l10n, ProgressLocation, window } from 'vscode';
import type { Notice } from '../../server/protocol/notice.ts';
import { noticeWords } from '../../server/protocol/notice-text.ts';
import { messageText } from '../text/visible-text.ts';
import { mayToast, toastOf, typeName } from './notice-model.ts';
import { mute, noticeSettings } from './notice-settings.ts';
import type { Notices } from './notices.ts';
import { ToastPlaces } from './toast-places.ts';

export type NoticeToastsDeps = {
  readonly notices: Notices;
  readonly open: (notice: Notice) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
};

const passesAfterMs = 4_000;

export function showNoticeToasts(deps: NoticeToastsDeps): Disposable[] {
  const places = new ToastPlaces();
  return [places, deps.notices.onDidRaise((notice) => void tell(deps, places, notice).catch(deps.onFailure))];
}

/** A muted one is not asked for, so that no other window shows it either: which it would be is decided by where a person looks. */
async function tell(deps: NoticeToastsDeps, places: ToastPlaces, notice: Notice): Promise<void> {
  if (!mayToast(notice, noticeSettings()) || !(await deps.notices.isOurs(notice))) return;
  const leave = places.take();
  if (!leave) return;
  try {
    await show(deps, notice);
  } finally {
    leave();
  }
}

async function show(deps: NoticeToastsDeps, notice: Notice): Promise<void> {
  const kind = toastOf(notice);
  const sentence = sentenceOf(notice);
  if (kind === 'passing') return void (await pass(`${sentence} ${linkTo(notice)}`));
  const raise = l10n.t('Raise Budget…');
  const open = notice.about.kind === 'secretWithheld' ? l10n.t('Rotate…') : l10n.t('Open');
  const silence = l10n.t('Mute "{0}"', typeName(notice.type, l10n.t));
  const ask = kind === 'error' ? window.showErrorMessage : window.showWarningMessage;
  const raisable = notice.about.kind === 'budgetReached' && notice.place.kind === 'agent' ? notice.place : undefined;
  const answer = await ask(sentence, ...(raisable ? [raise] : []), open, silence);
  if (answer === raise && raisable) await commands.executeCommand('agor.raiseBudget', { kind: 'agent', id: raisable.agentId });
  if (answer === open) await deps.open(notice);
  if (answer === silence) await mute(notice.type);
}

/** A message of VS Code has no time to live; a progress that ends has. */
async function pass(title: string): Promise<void> {
  await window.withProgress({ location: ProgressLocation.Notification, title }, () => new Promise((end) => setTimeout(end, passesAfterMs)));
}

/** What passes by has no room for a button, so it ends in a link; what comes before it can make none. */
function linkTo({ id }: Notice): string {
  return `[${l10n.t('Open')}](command:agor.openNotice?${encodeURIComponent(JSON.stringify([id]))})`;
}

function sentenceOf({ about, count }: Notice): string {
  const { title, text } = noticeWords(about, l10n.t);
  const often = count > 1 ? ` (${l10n.t('{0} times', count)})` : '';
  const words = messageText(title.replace(/\s+/g, ' ')) + often;
  return text === '' ? words : l10n.t('{0}: {1}', words, messageText(text.replace(/\s+/g, ' ')));
}
