/** Puts the parts of the messages together; what they need from other features comes as functions. */

import { PartyId } from '../protocol/ids.ts';
import { Arrivals } from './arrivals.ts';
import { AttachmentReading } from './attachment-reading.ts';
import { Channels } from './channels.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deliveries } from './deliveries.ts';
import type { MessagingDeps } from './deps.ts';
import { Endings } from './endings.ts';
import { HeldMessages } from './held-messages.ts';
import { Inboxes } from './inboxes.ts';
import { Letters } from './letters.ts';
import type { Mail } from './mail.ts';
import { MessageFinder } from './message-finder.ts';
import { MessageViews } from './message-views.ts';
import { News } from './news.ts';
import { Notices } from './notices.ts';
import { Outgoing } from './outgoing.ts';
import { OwedReplies } from './owed-replies.ts';
import { Post } from './post.ts';
import { QueuedSending } from './queued-sending.ts';
import { openRecords } from './records.ts';
import { Sending } from './sending.ts';
import { SendingRules } from './sending-rules.ts';
import { TeamViews } from './team-views.ts';
import { WaitingMail } from './waiting-mail.ts';

export type Messaging = ReturnType<typeof composeMessaging>;

const minuteMs = 60_000;

export function composeMessaging(deps: MessagingDeps) {
  const parts = buildParts(deps);
  const { news, records, endings, arrivals, post, finder } = parts;
  return {
    ...parts,
    mail: mailOf(parts),
    /** Through which other features speak. */
    post: { toChannel: post.toChannel.bind(post), toAgent: post.toAgent.bind(post) },
    changed: news.changed,
    mailFor: news.mailFor,
    deadLetterChanged: news.deadLetterChanged,
    heldChanged: news.heldChanged,
    /** Whoever was written to may write back. */
    hasWrittenTo: (from: PartyId, to: PartyId) => records.messages.hasWritten(from, to),
    /** Throws `notFound` or `ambiguous`. */
    isInChannel: (reference: string, as: PartyId) => finder.find(reference, as).channelId !== null,
    start: () => endings.start(),
    close() {
      endings.close();
      arrivals.close();
    },
  };
}

type Parts = ReturnType<typeof buildParts>;

function buildParts(deps: MessagingDeps) {
  const { file, directory, seals, setting, now } = deps;
  const records = openRecords(file.db);
  const views = new MessageViews({ records, directory, seals });
  const news = new News({
    isOpen: () => file.db.open,
    message: (id) => views.get(id),
    deadLetter: (id) => {
      const row = records.deadLetters.get(id);
      return row && views.deadLetter(row);
    },
    held: () => held.held(),
  });
  const known = { ...deps, records, views, news };
  const deliveries = new Deliveries({ ...known, ttlMs: () => setting('messages.ttlMinutes') * minuteMs });
  const outgoing = new Outgoing({ ...known, deliveries });
  const notices = new Notices({ outgoing, directory, now });
  const held = new HeldMessages({ ...known, deliveries, notices });
  const rules = new SendingRules({ ...known, messages: records.messages });
  const finder = new MessageFinder(file.db, records.messages, directory);
  const channels = new Channels({ ...known, store: records.channels });
  const owed = new OwedReplies({ records, directory, setting });
  const sending = new Sending({ ...known, deliveries, channels, finder, rules, outgoing });
  const queued = new QueuedSending({ ...known, sending, notices, perMinute: () => setting('messages.perMinute') });
  const letters = new Letters({ ...known, owed });
  return {
    ...{ records, news, held, rules, finder, channels, sending, queued },
    inboxes: new Inboxes({ ...known, deliveries, channels, finder, owed }),
    attachments: new AttachmentReading(records, finder),
    deadLetters: new DeadLetters({ ...known, deliveries }),
    teamViews: new TeamViews({ ...known, owed }),
    post: new Post({ channels, outgoing, directory, now }),
    endings: new Endings({ ...known, deliveries, notices }),
    arrivals: new Arrivals({ ...known, deliveries, notices }),
    waiting: new WaitingMail({ ...known, deliveries, letters, owed, isAgent: (id) => directory.isAgent(id) }),
  };
}

function mailOf({ waiting, arrivals, queued, endings, attachments, sending, rules }: Parts): Mail {
  return {
    isDue: (agentId) => waiting.isDue(agentId),
    next: (agentId) => waiting.next(agentId),
    claim: (agentId, messageIds, promptId) => waiting.claim(agentId, messageIds, promptId),
    unclaim: (promptId) => waiting.unclaim(promptId),
    recoverClaims: (isWaiting) => waiting.recoverClaims(isWaiting),
    snapshot: (agentId) => waiting.snapshot(agentId),
    owed: (agentId) => waiting.owed(agentId),
    carried: (agentId, promptId) => waiting.carried(agentId, promptId),
    turnStarted: (agentId, promptIds, moment) => arrivals.turnStarted(agentId, promptIds, moment),
    given: (agentId, messageIds, given) => arrivals.given(agentId, messageIds, given),
    seen: (agentId, messageIds, seen) => arrivals.seen(agentId, messageIds, seen),
    turnEnded: (agentId, reason, moment) => arrivals.turnEnded(agentId, reason, moment),
    runGone: (agentId, at) => arrivals.runGone(agentId, at),
    takeQueued: (agentId, message, at) => queued.take(agentId, { ...message, at }),
    agentRemoved(agentId) {
      endings.agentRemoved(agentId);
      for (const part of [sending, queued, rules]) part.forget(PartyId.parse(agentId));
    },
    attachment: (agentId, attachmentId) => attachments.bytesFor(agentId, attachmentId),
  };
}
