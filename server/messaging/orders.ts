/** Which messages are orders: the person's, and those of a manager to the agents of its team. */
import { partyIds } from '../protocol/message.ts';
import type { Directory } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { managedTeam } from './parties.ts';

export type Addressed = Pick<MessageRow, 'id' | 'sender' | 'recipient' | 'channelId' | 'body' | 'sentAt'>;

/** Who says what to whom and when: the signature is over all of it. */
export function signedFields({ id, sender, recipient, channelId, body, sentAt }: Addressed): (string | number | null)[] {
  return [id, sender, recipient ?? channelId, body, sentAt];
}

export function isOrderOf(
  { sender, recipient, teamId }: Pick<MessageRow, 'sender' | 'recipient' | 'teamId'>,
  directory: Directory,
): boolean {
  if (sender === partyIds.person) return true;
  const team = managedTeam(sender, directory);
  return team !== null && team === (recipient === null ? teamId : directory.teamOf(recipient));
}
