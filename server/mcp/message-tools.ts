/** The tools for mail between agents and with the person: btmsg. */
import * as z from 'zod/mini';
import { MessageId, Reference, shortId } from '../protocol/ids.ts';
import { ChannelName } from '../protocol/message.ts';
import { messageRequests } from '../protocol/message-requests.ts';
import { ask, type Call, type Tool, type ToolAnswer, tool } from './tool.ts';
import { channelText, contactText, deliveryText, messagesText, messageText, name, oneLine } from './written.ts';

/** While no backend is there, the sidecar keeps what is written and nobody has looked at it. */
const Queued = z.object({ queued: z.literal(true), messageId: MessageId });
const Sent = z.union([messageRequests['message/send'].result, Queued]);

const message = Reference.check(z.describe('Id of the message, or the last 8 characters of it.'));
const text = z.string().check(z.describe('What you write. Plain text.'));
const channel = Reference.check(z.describe('Name of the channel.'));

export const messageTools: readonly Tool[] = [
  tool({
    name: 'send_message',
    description:
      'Write to a teammate by name, to the person as "person", or to a channel as "#name". A direct message expects a reply unless expects_reply is false.',
    takes: {
      to: Reference.check(z.describe('Name of an agent, "person", or "#channel".')),
      text,
      expects_reply: z.optional(z.boolean().check(z.describe('Whether the recipient owes you an answer.'))),
    },
    run: (call, { to, text, expects_reply: expectsReply }) => send(call, 'message/send', { to, text, expectsReply }),
  }),
  tool({
    name: 'reply_message',
    description: 'Answer a message. This is how you settle a reply that you owe.',
    takes: { id: message, text },
    run: (call, { id, text }) => send(call, 'message/reply', { message: id, text }),
  }),
  tool({
    name: 'inbox',
    description: 'Your messages that you have not read yet, oldest first; with all, the newest of all.',
    takes: { all: z.optional(z.boolean()) },
    isReading: true,
    run: async (call, { all }) => {
      const data = await ask(call, 'message/inbox', { all });
      const { messages, unread } = data;
      return { text: `${unread} not read.\n\n${messagesText(messages, 'No messages.')}`, data };
    },
  }),
  tool({
    name: 'read_message',
    description: 'One message whole; it counts as read from now on.',
    takes: { id: message },
    run: async (call, { id }) => {
      const data = await ask(call, 'message/read', { message: id });
      return { text: `${messageText(data)}\n${deliveryText(data)}`, data };
    },
  }),
  tool({
    name: 'history',
    description: 'The newest messages between you and someone, oldest first.',
    takes: { with: Reference.check(z.describe('Name of an agent, or "person".')) },
    isReading: true,
    run: async (call, { with: other }) => {
      const data = await ask(call, 'message/history', { with: other });
      return { text: messagesText(data.messages, 'No messages yet.'), data };
    },
  }),
  tool({
    name: 'contacts',
    description: 'Whom you may write to, and how they are.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const data = await ask(call, 'message/contacts', {});
      return { text: data.contacts.map(contactText).join('\n') || 'Nobody.', data };
    },
  }),
  tool({
    name: 'team_status',
    description: 'Everyone of your team: role, what they are doing, and what they have not read or answered.',
    takes: {},
    isReading: true,
    run: teamStatus,
  }),
  tool({
    name: 'whoami',
    description: 'Your own name, role and team, and how much you have not read or answered.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const data = await ask(call, 'message/whoami', {});
      const { party, role, team, project, unread, owed } = data;
      const place = [team === null ? '' : `team ${name(team)}`, project === null ? '' : `project ${name(project)}`].filter(
        (part) => part !== '',
      );
      return {
        text: `You are ${[`${name(party.name)} (${role})`, ...place].join(', ')}. Not read: ${unread}. Replies owed: ${owed}.`,
        data,
      };
    },
  }),
  tool({
    name: 'list_channels',
    description: 'The channels of your team and who is in them.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const data = await ask(call, 'channel/list', {});
      return { text: data.channels.map(channelText).join('\n') || 'No channels.', data };
    },
  }),
  tool({
    name: 'channel_history',
    description: 'The newest messages of a channel, oldest first.',
    takes: { channel },
    isReading: true,
    run: async (call, given) => {
      const data = await ask(call, 'channel/history', given);
      return { text: messagesText(data.messages, 'No messages yet.'), data };
    },
  }),
  tool({
    name: 'create_channel',
    description: 'Make a channel of your team; if there is one of that name, you get that one.',
    takes: { name: ChannelName, members: z.optional(z.array(Reference).check(z.describe('Names of agents to put into it.'))) },
    run: async (call, given) => {
      const data = await ask(call, 'channel/create', given);
      return { text: `${data.isNew ? 'Made' : 'There is already'} ${channelText(data.channel)}`, data };
    },
  }),
];

async function send(call: Call, method: 'message/send' | 'message/reply', params: Record<string, unknown>): Promise<ToolAnswer> {
  const sent = Sent.parse(await call(method, params));
  if ('queued' in sent) {
    const text = `Kept as ${shortId(sent.messageId)}: it goes out when the backend is back, and whether it can be delivered is not known yet.`;
    return { text, data: sent };
  }
  const note = sent.note === null ? '' : ` ${oneLine(sent.note)}`;
  return { text: `Sent as ${shortId(sent.message.id)}. ${deliveryText(sent.message)}.${note}`, data: sent };
}

async function teamStatus(call: Call): Promise<ToolAnswer> {
  const data = await ask(call, 'message/status', {});
  const lines = data.agents.map(({ party, role, project, status, activity, unread, owed }) => {
    const open = [...(unread > 0 ? [`${unread} not read`] : []), ...(owed > 0 ? [`owes ${owed}`] : [])];
    return [`${name(party.name)} (${role}, ${name(project)}): ${status}`, oneLine(activity), ...open].join(', ');
  });
  return { text: lines.join('\n') || 'Nobody.', data };
}
