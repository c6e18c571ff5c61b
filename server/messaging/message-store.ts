/** The rows of `messages`. */
import type { ChannelId, MessageId, PartyId, TeamId } from '../protocol/ids.ts';
import type { Verdict } from '../protocol/screening.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type MessageRow = {
  readonly id: MessageId;
  readonly place: number;
  readonly sender: PartyId;
  readonly recipient: PartyId | null;
  readonly channelId: ChannelId | null;
  readonly teamId: TeamId | null;
  readonly threadId: MessageId;
  readonly replyTo: MessageId | null;
  readonly body: string;
  readonly expectsReply: number;
  readonly hops: number;
  readonly signature: string | null;
  readonly verdict: Verdict;
  readonly findings: string;
  /** `waiting`: for the person to release it. */
  readonly hold: 'none' | 'waiting' | 'discarded';
  readonly sentAt: number;
};

export type Between = { readonly a: PartyId; readonly b: PartyId; readonly before: number; readonly limit: number };
export type LastWord = Pick<MessageRow, 'hops' | 'place' | 'sentAt'>;

const columns = `m.id, m.place, m.sender, m.recipient, m.channel_id as channelId, m.team_id as teamId, m.thread_id as threadId,
  m.reply_to as replyTo, m.body, m.expects_reply as expectsReply, m.hops, m.signature, m.verdict, m.findings,
  m.hold, m.sent_at as sentAt`;

const byPlaces = (places: string) =>
  `select ${columns} from (${places} order by place desc limit :limit) chosen join messages m on m.place = chosen.place order by m.place desc`;

export class MessageStore {
  readonly #put;
  readonly #one;
  readonly #nextPlace;
  readonly #between;
  readonly #ofParty;
  readonly #sentTo;
  readonly #ofTeam;
  readonly #ofChannel;
  readonly #lastTo;
  readonly #lastInChannel;
  readonly #othersSince;
  readonly #held;
  readonly #hasWritten;

  constructor(db: Database) {
    this.#put = db.prepare(putSql);
    this.#one = db.prepare<[string], MessageRow>(`select ${columns} from messages m where id = ?`);
    this.#nextPlace = db.prepare<[], number>('select coalesce(max(place), 0) + 1 from messages').pluck();
    this.#between = db.prepare<[Between], MessageRow>(
      byPlaces(`select place from messages where sender = :a and recipient = :b and place < :before
        union select place from messages where sender = :b and recipient = :a and place < :before`),
    );
    this.#ofParty = db.prepare<[object], MessageRow>(
      byPlaces(`select place from messages where sender = :party and place < :before
        union select place from deliveries where recipient = :party and place < :before`),
    );
    this.#sentTo = db.prepare<[object], MessageRow>(
      byPlaces(`select place from deliveries where recipient = :party and state not in ('held', 'dead')`),
    );
    this.#ofTeam = db.prepare<[object], MessageRow>(byPlaces('select place from messages where team_id = :team and place < :before'));
    this.#ofChannel = db.prepare<[object], MessageRow>(
      byPlaces('select place from messages where channel_id = :channel and place < :before'),
    );
    this.#lastTo = db.prepare<[string, string], LastWord>(
      'select hops, place, sent_at as sentAt from messages where sender = ? and recipient = ? order by place desc limit 1',
    );
    this.#lastInChannel = db.prepare<[string, number], LastWord & { sender: PartyId }>(
      `select hops, place, sentAt, sender from (select hops, place, sent_at as sentAt, sender from messages where channel_id = ?
         order by place desc limit 50) where sentAt >= ? order by place desc`,
    );
    this.#othersSince = db.prepare<[object], 1>(othersSinceSql).pluck();
    this.#held = db.prepare<[], MessageRow>(`select ${columns} from messages m where hold = 'waiting' order by place`);
    this.#hasWritten = db.prepare<[string, string], 1>('select 1 from messages where sender = ? and recipient = ? limit 1').pluck();
  }

  /** The next in the order in which they are taken in; of the open transaction. */
  nextPlace(): number {
    return this.#nextPlace.get() ?? 1;
  }

  put(row: MessageRow): void {
    const { id, place, sender, recipient, channelId, teamId, threadId, replyTo, body, expectsReply, hops } = row;
    const { signature, verdict, findings, hold, sentAt } = row;
    const head = [id, place, sender, recipient, channelId, teamId, threadId, replyTo, body, expectsReply, hops];
    this.#put.run({ ...row, rowHash: rowHash([...head, signature, verdict, findings, hold, sentAt]) });
  }

  get(id: string): MessageRow | undefined {
    return this.#one.get(id);
  }

  /** The newest first, as all lists but `held`. */
  between(pair: Between): MessageRow[] {
    return this.#between.all(pair);
  }

  /** That the party wrote or was sent. */
  ofParty(party: PartyId, before: number, limit: number): MessageRow[] {
    return this.#ofParty.all({ party, before, limit });
  }

  /** That reached the party, or still waits for it. */
  sentTo(party: PartyId, limit: number): MessageRow[] {
    return this.#sentTo.all({ party, limit });
  }

  ofTeam(team: TeamId, before: number, limit: number): MessageRow[] {
    return this.#ofTeam.all({ team, before, limit });
  }

  ofChannel(channel: ChannelId, before: number, limit: number): MessageRow[] {
    return this.#ofChannel.all({ channel, before, limit });
  }

  lastFrom(sender: PartyId, recipient: PartyId): LastWord | undefined {
    return this.#lastTo.get(sender, recipient);
  }

  /** What was said in the channel since then, the newest first; among the last 50, so that a long history costs nothing. */
  lastInChannel(channel: ChannelId, since: number): (LastWord & { readonly sender: PartyId })[] {
    return this.#lastInChannel.all(channel, since);
  }

  /** Whether anybody but the two has written to `to` after that place; the backend's own notices do not count. */
  othersWroteSince(to: PartyId, other: PartyId, place: number): boolean {
    return this.#othersSince.get({ to, other, place }) === 1;
  }

  /** The first first. */
  held(): MessageRow[] {
    return this.#held.all();
  }

  hasWritten(from: PartyId, to: PartyId): boolean {
    return this.#hasWritten.get(from, to) === 1;
  }
}

const putSql = `
  insert into messages (id, place, sender, recipient, channel_id, team_id, thread_id, reply_to, body, expects_reply, hops, signature,
    verdict, findings, hold, sent_at, row_hash)
  values (:id, :place, :sender, :recipient, :channelId, :teamId, :threadId, :replyTo, :body, :expectsReply, :hops, :signature,
    :verdict, :findings, :hold, :sentAt, :rowHash)
  on conflict (id) do update set hold = excluded.hold, row_hash = excluded.row_hash`;

const othersSinceSql = `
  select 1 from deliveries d join messages m on m.id = d.message_id
  where d.recipient = :to and d.place > :place and d.state not in ('held', 'dead') and m.sender not in (:to, :other, 'system') limit 1`;
