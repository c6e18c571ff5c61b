/** What of the notices goes onto the desktop, and in which words. Pure. */

import type { Notice } from '../protocol/notice.ts';
import { noticeWords } from '../protocol/notice-text.ts';
import type { Setting } from '../protocol/settings.ts';
import type { Wording } from '../protocol/wording.ts';

export type DesktopWords = { readonly title: string; readonly text: string };

export type Circumstances = {
  readonly setting: Setting;
  /** A person looks at a window, which shows it. */
  readonly isAnyFocused: boolean;
};

export function mayTellDesktop({ type }: Pick<Notice, 'type'>, { setting, isAnyFocused }: Circumstances): boolean {
  const wish = setting('notifications.desktop');
  if (wish === 'off' || setting('notifications.doNotDisturb') || !setting('notifications.types').includes(type)) return false;
  return wish === 'always' || !isAnyFocused;
}

/** So many at once are read one by one; more are one. */
const eachUpTo = 3;

export function desktopWords(notices: readonly Notice[], t: Wording): DesktopWords[] {
  const all = notices.map(({ about, count }) => {
    const { title, text } = noticeWords(about, t);
    return { title: count > 1 ? `${title} (${t('{0} times', count)})` : title, text };
  });
  if (all.length <= eachUpTo) return all;
  return [{ title: t('{0} notifications of agents', all.length), text: all.map(({ title }) => title).join('\n') }];
}
