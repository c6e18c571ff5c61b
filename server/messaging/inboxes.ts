/** What a party has been sent, and what was said between whom. Listing changes nothing; reading does. */
import { AgorError } from '../protocol/errors.ts';
import type { MessageId, PartyId } from '../protocol/ids.ts';
import type { Message } from '../protocol/message.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { ChannelRow } from './channel-store.ts';
import type { Channels } from './channels.ts';
import type { Deliveries } from './deliveries.ts';
import type { By, Directory, MessagingDeps } from './deps.ts';
import type { MessageFinder } from './message-finder.ts';
import type { MessageRow } from './message-store.ts';
import type { MessageViews, Page } from './message-views.ts';
import type { OwedReplies } from './owed-replies.ts';
import { agentIdIn, managedTeam, seesAll } from './parties.ts';
import type { Records } from './records.ts';

export type InboxesDeps = {
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly channels: Channels;
  readonly finder: MessageFinder;
  readonly views: MessageViews;
  readonly owed: OwedReplies;
  readonly directory: Directory;
  readonly currentSession: MessagingDeps['currentSession'];
  readonly now: () => number;
};

const usualLimit = 50;
const beforeAll = Number.MAX_SAFE_INTEGER;

export class Inboxes {
  readonly #deps: InboxesDeps;

  constructor(deps: InboxesDeps) {
    this.#deps = deps;
  }

  inbox({ all = false, limit = usualLimit }: Params<'message/inbox'>, as: PartyId): Result<'message/inbox'> {
    const { records, views } = this.#deps;
    const unread = records.deliveries.unreadCount(as);
    if (all) return { messages: this.#page(records.messages.sentTo(as, limit + 1), limit, as).messages, unread };
    const rows = records.deliveries.unread(as, limit).flatMap(({ messageId }) => records.messages.get(messageId) ?? []);
    return { messages: views.firstOf(rows), unread };
  }

  read({ message }: Params<'message/read'>, { party, actor }: By): Message {
    const { records, finder, deliveries, views, currentSession, now } = this.#deps;
    const row = finder.find(message, party);
    const own = records.deliveries.get(row.id, party);
    const agentId = agentIdIn(party);
    if (own) deliveries.seen(own, { by: 'command', sessionId: agentId && currentSession(agentId), at: now(), actor });
    return views.message(row);
  }

  unread(as: PartyId): Result<'message/unread'> {
    return { unread: this.#deps.records.deliveries.unreadCount(as), owed: this.#deps.owed.of(as).length };
  }

  history({ with: other, of, limit = usualLimit, before }: Params<'message/history'>, as: PartyId): Page {
    const { directory, records } = this.#deps;
    const a = of === undefined ? as : directory.find(of, as);
    if (a !== as && !seesAll(as)) throw new AgorError('refused', 'You can look at your own messages only. Leave "of" away.');
    const b = directory.find(other, as);
    return this.#page(records.messages.between({ a, b, before: this.#placeBefore(before), limit: limit + 1 }), limit, as);
  }

  feed({ agent, team, limit = usualLimit, before }: Params<'message/feed'>, as: PartyId): Page {
    const { directory, records } = this.#deps;
    const managed = managedTeam(as, directory);
    if (!seesAll(as) && managed === null)
      throw new AgorError('refused', 'Only the person and managers see all messages of a team. "inbox --all" lists yours.');
    const place = this.#placeBefore(before);
    if (agent === undefined) return this.#page(records.messages.ofTeam(directory.findTeam(team, as), place, limit + 1), limit, as);
    const party = directory.find(agent, as);
    if (managed !== null && directory.teamOf(party) !== managed)
      throw new AgorError('refused', `${directory.party(party).name} is not in your team. Name one of your own.`);
    return this.#page(records.messages.ofParty(party, place, limit + 1), limit, as);
  }

  /** What was said in a channel, for who is in it, its manager and the person. */
  channelHistory({ channel, team, limit = usualLimit, before }: Params<'channel/history'>, as: PartyId): Result<'channel/history'> {
    const { channels, records, views } = this.#deps;
    const row = channels.find(channel, team, as);
    if (!this.#manages(row, as)) channels.requireUse(row, as);
    const found = records.messages.ofChannel(row.id, this.#placeBefore(before), limit + 1);
    return { channel: views.channel(row), ...this.#page(found, limit, as) };
  }

  #manages({ teamId }: ChannelRow, as: PartyId): boolean {
    return managedTeam(as, this.#deps.directory) === teamId;
  }

  /** What is held back from the reader is left out of the page it falls on. */
  #page(newestFirst: readonly MessageRow[], limit: number, as: PartyId): Page {
    const { views, finder } = this.#deps;
    return views.page(newestFirst, limit, (row) => finder.isShown(row, as));
  }

  #placeBefore(before: MessageId | undefined): number {
    if (before === undefined) return beforeAll;
    const row = this.#deps.records.messages.get(before);
    if (row) return row.place;
    throw new AgorError('notFound', `There is no message ${before} to go back from. Ask without "before" for the newest.`);
  }
}
