/** What a sender should know about where the message is now. Pure. */
import type { PartyId } from '../protocol/ids.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Presence } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import { agentIdIn } from './parties.ts';

export type NoteFacts = {
  readonly row: MessageRow;
  readonly presence: (id: PartyId) => Presence;
  readonly nameOf: (id: PartyId) => string;
};

/** Null when there is nothing to say: the recipient has it, or gets it now. */
export function noteFor(deliveries: readonly DeliveryRow[], { row, presence, nameOf }: NoteFacts): string | null {
  if (row.hold === 'waiting') return 'The screening holds it back until the person has looked at it.';
  const waiting = deliveries.filter(({ state, recipient }) => state === 'queued' && agentIdIn(recipient) !== null);
  const notes = waiting.flatMap(({ recipient, expiresAt }) => presenceNote(nameOf(recipient), presence(recipient), expiresAt));
  if (row.recipient !== null || notes.length <= 1) return notes[0] ?? null;
  const absent = waiting.filter(({ recipient }) => presence(recipient).kind !== 'here').map(({ recipient }) => nameOf(recipient));
  return `${absent.length} of ${deliveries.length} are not at work now and get it later: ${absent.slice(0, 8).join(', ')}.`;
}

function presenceNote(name: string, { kind, word }: Presence, expiresAt: number | null): string[] {
  if (kind === 'here') return [];
  if (kind === 'asleep') return [`${name} is asleep; this wakes it.`];
  const until = expiresAt === null ? '' : `, until ${dateText(expiresAt)}`;
  return [`${name} is ${word} and gets this when it is at work again${until}.`];
}

/** To the minute, the same everywhere. */
export function dateText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
