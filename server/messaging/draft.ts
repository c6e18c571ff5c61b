/** A message before it is one. */
import type { ChannelId, MessageId, PartyId, TeamId } from '../protocol/ids.ts';
import type { AttachedFile } from './attached-files.ts';
import type { By } from './deps.ts';
import type { MessageRow } from './message-store.ts';

/** One of the two. */
export type Target =
  | { readonly recipient: PartyId; readonly channel: null }
  | { readonly recipient: null; readonly channel: { readonly id: ChannelId; readonly teamId: TeamId; readonly name: string } };

export type Draft = {
  readonly id: MessageId;
  readonly by: By;
  readonly target: Target;
  readonly text: string;
  readonly files: readonly AttachedFile[];
  /** What it answers. */
  readonly replied: MessageRow | null;
  readonly expectsReply: boolean;
  /** When it was written. */
  readonly at: number;
};

export function isSameContent(row: MessageRow, { by, text, replied }: Pick<Draft, 'by' | 'text' | 'replied'>): boolean {
  return row.sender === by.party && row.body === text && row.replyTo === (replied?.id ?? null);
}
