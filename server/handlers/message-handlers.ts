/** Which feature answers the message methods. */
import type { Caller, Handlers } from '../dispatch.ts';
import type { Messaging } from '../messaging/compose.ts';
import type { By } from '../messaging/deps.ts';
import { partyOf } from '../policy/callers.ts';

type Of<Feature extends string> = Pick<Handlers, Extract<keyof Handlers, `${Feature}/${string}`>>;

export type MessageFeature = { readonly messaging: Messaging };

export function messageHandlers(features: MessageFeature): Of<'message'> & Of<'channel'> & Of<'attachment'> & Of<'deadLetter'> {
  return { ...writing(features), ...reading(features), ...team(features), ...channels(features), ...deadLetters(features) };
}

function by(caller: Caller): By {
  return { party: partyOf(caller), actor: caller.kind };
}

function writing({ messaging: { sending } }: MessageFeature): Pick<Handlers, 'message/send' | 'message/reply'> {
  return {
    'message/send': (params, caller) => sending.send(params, by(caller)),
    'message/reply': (params, caller) => sending.reply(params, by(caller)),
  };
}

type Reading = 'message/inbox' | 'message/read' | 'message/unread' | 'message/history' | 'message/feed';

function reading({ messaging: { inboxes, attachments } }: MessageFeature): Pick<Handlers, Reading> & Of<'attachment'> {
  return {
    'message/inbox': (params, caller) => inboxes.inbox(params, partyOf(caller)),
    'message/read': (params, caller) => inboxes.read(params, by(caller)),
    'message/unread': (_, caller) => inboxes.unread(partyOf(caller)),
    'message/history': (params, caller) => inboxes.history(params, partyOf(caller)),
    'message/feed': (params, caller) => inboxes.feed(params, partyOf(caller)),
    'attachment/read': ({ attachment }, caller) => attachments.read(attachment, partyOf(caller)),
  };
}

type Team = Exclude<keyof Of<'message'>, Reading | 'message/send' | 'message/reply'>;

function team({ messaging: { teamViews } }: MessageFeature): Pick<Handlers, Team> {
  return {
    'message/contacts': (params, caller) => ({ contacts: teamViews.contacts(params, partyOf(caller)) }),
    'message/allow': (params, caller) => teamViews.allow(params, by(caller)),
    'message/whoami': (_, caller) => teamViews.whoami(partyOf(caller)),
    'message/status': (params, caller) => ({ agents: teamViews.status(params, partyOf(caller)) }),
    'message/graph': (params, caller) => teamViews.graph(params, partyOf(caller)),
    'message/register': (params, caller) => teamViews.register(params, by(caller)),
    'message/heartbeat': (_, caller) => teamViews.heartbeat(partyOf(caller)),
  };
}

function channels({ messaging: { channels, inboxes } }: MessageFeature): Of<'channel'> {
  return {
    'channel/create': (params, caller) => channels.create(params, by(caller)),
    'channel/list': (params, caller) => ({ channels: channels.list(params, partyOf(caller)) }),
    'channel/history': (params, caller) => inboxes.channelHistory(params, partyOf(caller)),
    'channel/add': (params, caller) => channels.add(params, by(caller)),
  };
}

function deadLetters({ messaging: { deadLetters } }: MessageFeature): Of<'deadLetter'> {
  return {
    'deadLetter/list': (params) => ({ deadLetters: deadLetters.list(params) }),
    'deadLetter/redeliver': ({ deadLetter }, caller) => deadLetters.redeliver(deadLetter, by(caller)),
    'deadLetter/discard': ({ deadLetter }, caller) => deadLetters.discard(deadLetter, by(caller)),
  };
}
