/** What of the notices goes onto the desktop, and in which words. Pure. */

import type { Notice } from '../protocol/notice.ts';
import type { Setting } from '../protocol/settings.ts';

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

export function desktopWords(notices: readonly Notice[]): DesktopWords[] {
  const sentences = notices.map(({ title, count }) => (count > 1 ? `${title} (${count} times)` : title));
  if (notices.length > eachUpTo) return [{ title: `${notices.length} notifications of agents`, text: sentences.join('\n') }];
  return notices.map(({ text }, index) => ({ title: sentences[index] ?? '', text }));
}
