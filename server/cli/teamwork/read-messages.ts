/** The verbs of `btmsg` that read. */
import type { Outcome } from '../output.ts';
import type { Desk } from './desk.ts';
import { conversationLines, messageLines, messageTable } from './message-text.ts';
import { given } from './typed.ts';

type Limit = { readonly limit?: number };
type Where = { readonly team?: string };

export async function inbox(desk: Desk, { all, limit }: Limit & { readonly all?: boolean }): Promise<Outcome> {
  const found = await desk.door.call('message/inbox', given({ all, limit }));
  const hint = 'Read one with: btmsg read <id>';
  return {
    json: found,
    lines: (style) =>
      found.messages.length === 0
        ? [all ? 'There is no message yet.' : 'No message waits.']
        : [...messageTable(found.messages, desk.now), style('dim', hint)],
  };
}

export async function read(desk: Desk, message: string): Promise<Outcome> {
  const found = await desk.door.call('message/read', { message });
  return { json: found, lines: (style) => messageLines(found, desk.now, style) };
}

export async function history(desk: Desk, agent: string, { of, limit }: Limit & { readonly of?: string }): Promise<Outcome> {
  const found = await desk.door.call('message/history', { with: agent, ...given({ of, limit }) });
  return {
    json: found,
    lines: (style) =>
      found.messages.length === 0 ? ['No message went between the two yet.'] : conversationLines(found.messages, desk.now, style),
  };
}

export async function feed(desk: Desk, { agent, team, limit }: Limit & Where & { readonly agent?: string }): Promise<Outcome> {
  const where = agent === undefined ? await desk.team(team) : { agent };
  const found = await desk.door.call('message/feed', { ...where, ...given({ limit }) });
  return {
    json: found,
    lines: () => (found.messages.length === 0 ? ['There is no message yet.'] : messageTable(found.messages, desk.now)),
  };
}

export async function unread(desk: Desk): Promise<Outcome> {
  const counts = await desk.door.call('message/unread', {});
  return { json: counts, lines: () => [String(counts.unread)] };
}

/** Nothing at all when nothing waits, so that it can be put into a prompt as it is. */
export async function notify(desk: Desk): Promise<Outcome> {
  const counts = await desk.door.call('message/unread', {});
  return { json: counts, lines: () => notice(counts) };
}

function notice({ unread, owed }: { readonly unread: number; readonly owed: number }): string[] {
  const waiting = unread === 0 ? [] : [unread === 1 ? '1 message waits' : `${unread} messages wait`];
  const owing = owed === 0 ? [] : [owed === 1 ? '1 reply is owed' : `${owed} replies are owed`];
  const said = [...waiting, ...owing].join(', ');
  return said === '' ? [] : [`${said}: btmsg inbox --all`];
}
