/** Which feature answers the methods about notices and windows. */
import type { Handlers } from '../dispatch.ts';
import type { Notices } from '../notices/notices.ts';
import type { Windows } from '../notices/windows.ts';

type NoticeMethods = Extract<keyof Handlers, `notice/${string}` | `window/${string}`>;

export function noticeHandlers({
  notices,
  windows,
}: {
  readonly notices: Notices;
  readonly windows: Windows;
}): Pick<Handlers, NoticeMethods> {
  return {
    'notice/list': ({ unread = false }) => notices.list(unread),
    'notice/markRead': ({ notice }) => ({ marked: notices.markRead(notice) }),
    'notice/clear': () => ({ cleared: notices.clear() }),
    'notice/claim': (claim, { watcher }) => ({ isYours: windows.claim(watcher, claim) }),
    'window/setFocus': ({ isFocused, words }, { watcher }) => {
      windows.setFocus(watcher, isFocused);
      if (words) windows.speak(words);
      return {};
    },
  };
}
