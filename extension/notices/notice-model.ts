/** What windows show of notices, as plain values: which there are, how each looks, and which may come onto the screen. */
import type { Notice, NoticeAbout, NoticeType } from '../../server/protocol/notice.ts';
import { keptNotices } from '../../server/protocol/notice.ts';
import type { NotificationParams } from '../../server/protocol/notifications.ts';
import type { Translate } from '../text/translate.ts';

export type NoticesState = {
  /** Newest first. */
  readonly notices: readonly Notice[];
  readonly unread: number;
};

export const noNotices: NoticesState = { notices: [], unread: 0 };

export function withChange(state: NoticesState, change: NotificationParams<'notice/changed'>): NoticesState {
  const { notices, raised, isCleared, unread } = change;
  if (isCleared) return noNotices;
  const changed = new Map(notices.map((notice) => [notice.id, notice]));
  const news = notices.filter(({ id }) => raised.includes(id));
  const others = state.notices.filter(({ id }) => !raised.includes(id)).map((notice) => changed.get(notice.id) ?? notice);
  return { notices: [...news.reverse(), ...others].slice(0, keptNotices), unread };
}

export const noticeIcons: Record<NoticeType, string> = {
  success: 'pass',
  error: 'error',
  warning: 'warning',
  info: 'info',
  agent_complete: 'verified',
  agent_error: 'bug',
};

/** What comes onto the screen by itself: what a person has to act on stays, all else passes by. */
export type Toast = 'error' | 'warning' | 'passing';

/** Warnings that only tell: there is nothing to answer, and what they are about can be seen where it is. */
const tellingOnly: ReadonlySet<NoticeAbout['kind']> = new Set([
  'budgetNear',
  'credentialRotated',
  'incidentOver',
  'sharedFile',
  'storageGrown',
]);

export function toastOf({ type, about }: Pick<Notice, 'type' | 'about'>): Toast {
  if (type === 'error' || type === 'agent_error') return 'error';
  return type === 'warning' && !tellingOnly.has(about.kind) ? 'warning' : 'passing';
}

export type NoticeSettings = { readonly doNotDisturb: boolean; readonly types: readonly string[] };

export function mayToast({ type }: Notice, { doNotDisturb, types }: NoticeSettings): boolean {
  return !doNotDisturb && types.includes(type);
}

export function typeName(type: NoticeType, t: Translate): string {
  const names: Record<NoticeType, string> = {
    success: t('Success'),
    error: t('Error'),
    warning: t('Warning'),
    info: t('Information'),
    agent_complete: t('Agent finished'),
    agent_error: t('Agent failed'),
  };
  return names[type];
}

export type Bell = { readonly text: string; readonly label: string };

export function describeBell(unread: number, doNotDisturb: boolean, t: Translate): Bell {
  const icon = doNotDisturb ? 'bell-slash' : unread > 0 ? 'bell-dot' : 'bell';
  const label = [
    unread === 0 ? t('No unread notifications of agents') : countUnread(unread, t),
    ...(doNotDisturb ? [t('do not disturb is on')] : []),
  ].join(', ');
  return { text: unread > 0 ? `$(${icon}) ${unread}` : `$(${icon})`, label };
}

export function countUnread(unread: number, t: Translate): string {
  return unread === 1 ? t('1 unread notification') : t('{0} unread notifications', unread);
}
