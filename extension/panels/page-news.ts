/** What of the backend's news a page is sent: each costs a message through VS Code's server, its window and the page. */
import type { Disposable } from 'vscode';
import type { Notification, NotificationParams } from '../../server/protocol/notifications.ts';
import type { ToWebview } from '../../server/protocol/webview.ts';
import { Pace } from '../drawing/pace.ts';

type News = Extract<ToWebview, { type: 'notification' }>;

/** Answers what takes the news, and passes on those that matter to the page. */
export type NewsFilter = (post: (news: News) => void) => Disposable & { readonly hear: (news: News) => void };

export const each: NewsFilter = (post) => ({ hear: post, dispose: () => {} });

/** For a page that asks again whatever happened: the newest of those that come together is enough. */
export const newest: NewsFilter = (post) => {
  let last: News | undefined;
  const pace = new Pace(() => {
    if (last) post(last);
    last = undefined;
  });
  const hear = (news: News) => {
    last = news;
    pace.wish();
  };
  return { hear, dispose: () => pace.dispose() };
};

/** For a page that shows of agents only how they are called. */
export const namesOfAgents: NewsFilter = (post) => {
  const names = new Map<string, string>();
  const hear = (news: News) => {
    if (news.method === 'agent/changed') {
      // The method says of what kind the parameters are.
      const { id, name } = (news.params as NotificationParams<'agent/changed'>).agent;
      if (names.get(id) === name) return;
      names.set(id, name);
    }
    post(news);
  };
  return { hear, dispose: () => names.clear() };
};

export function newsOf<N extends Notification>(method: N, params: NotificationParams<N>): News {
  return { type: 'notification', method, params };
}
