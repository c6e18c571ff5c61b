/** The verbs of `btmsg` that send: to an agent, to the person, into a channel, and back. */
import { newId } from '../../base/uuid.ts';
import { type MessageId, shortId } from '../../protocol/ids.ts';
import type { Result } from '../../protocol/requests.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { readAttachments } from './attachments.ts';
import type { Desk } from './desk.ts';
import type { Queued } from './door.ts';
import { recipientOf } from './message-text.ts';
import { given, textFrom } from './typed.ts';

type Attach = { readonly attach?: readonly string[] };
export type SendOptions = Attach & { readonly team?: string /** False with `--no-reply`. */; readonly reply?: boolean };
type ReplyOptions = Attach & { readonly ask?: boolean };

export async function send(desk: Desk, to: string, words: readonly string[], { team, reply, attach }: SendOptions): Promise<Outcome> {
  const letter = { ...(await letterOf(desk, words, attach)), ...(reply === false ? { expectsReply: false } : {}) };
  return sent(await desk.door.send('message/send', { to, ...(await desk.team(team)), ...letter }));
}

export async function reply(desk: Desk, message: string, words: readonly string[], { ask, attach }: ReplyOptions): Promise<Outcome> {
  const letter = { ...(await letterOf(desk, words, attach)), ...given({ expectsReply: ask }) };
  return sent(await desk.door.send('message/reply', { message, ...letter }));
}

/** With an id of its own: however often it is handed over, it stays one message. */
async function letterOf(desk: Desk, words: readonly string[], files: readonly string[] | undefined) {
  const text = await textFrom(desk, words, 'message');
  const attachments = files === undefined ? {} : { attachments: readAttachments(files, desk.cwd) };
  return { text, messageId: newId<MessageId>(), ...attachments };
}

function sent(answer: Result<'message/send'> | Queued): Outcome {
  if ('queued' in answer) return { json: answer, lines: () => [queuedText(answer)] };
  const { message, note } = answer;
  const lines = [`Sent to ${recipientOf(message)} (${shortId(message.id)}).`, ...(note === null ? [] : [oneLine(note, 500)])];
  return { json: answer, lines: () => lines };
}

function queuedText({ messageId }: Queued): string {
  return `Queued, unverified: the backend is away; the message (${shortId(messageId)}) goes out when it is back, and you are told if it is refused.`;
}
