/** Reads what a sidecar sent, each event on its own: one that cannot be read does not spoil the others. Pure. */
import * as z from 'zod/mini';
import { AgorError } from '../protocol/errors.ts';
import { NumberedEvent } from '../protocol/handshake.ts';
import type { AppendAnswer } from '../protocol/sidecar-wire.ts';

export type Refusal = NonNullable<AppendAnswer['refused']>[number];
/** `kind` and `key` are empty where the event has none. */
export type RefusedEvent = Refusal & { readonly kind: string; readonly key: string };

export type ReadEvents = {
  /** In their order, up to the first that cannot be read. */
  readonly events: readonly NumberedEvent[];
  /** That one, and all others of a kind that this build does not know: whoever sent them sets them aside at once. */
  readonly refused: readonly RefusedEvent[];
};

const Envelope = z.object({
  seq: z.number(),
  key: z.catch(z.string(), ''),
  event: z.catch(z.object({ type: z.string() }), { type: '' }),
});

/** Throws `badRequest` for what has no number: it could not even be refused. */
export function readEvents(sent: readonly unknown[]): ReadEvents {
  const events: NumberedEvent[] = [];
  const refused: RefusedEvent[] = [];
  for (const one of sent) {
    const { data, error } = NumberedEvent.safeParse(one);
    const refusal = error && refusalOf(one, error);
    if (refusal && (refused.length === 0 || refusal.reason === 'unsupported')) refused.push(refusal);
    if (data && refused.length === 0) events.push(data);
  }
  return { events, refused };
}

/** The number of the last of them; 0 when there is none. */
export function lastSeqOf(sent: readonly unknown[]): number {
  return Envelope.safeParse(sent.at(-1)).data?.seq ?? 0;
}

function refusalOf(sent: unknown, error: z.core.$ZodError): RefusedEvent {
  const { data: envelope } = Envelope.safeParse(sent);
  if (!envelope) throw new AgorError('badRequest', 'An event without a number was sent. Each needs a "seq" that counts from 1.');
  const [issue] = error.issues;
  const { seq, key, event } = envelope;
  const where = issue?.path.join('.') ?? '';
  if (isUnknownKind(sent, issue))
    return { seq, key, kind: event.type, reason: 'unsupported', detail: `This version does not know its ${where}.` };
  return { seq, key, kind: event.type, reason: 'rejected', detail: `${where}: ${issue?.message ?? 'it does not fit the contract'}` };
}

/** A union that has no member of that name, here or deeper inside: whoever wrote it knows more than this build. */
function isUnknownKind(sent: unknown, issue: z.core.$ZodIssue | undefined): boolean {
  if (issue?.code !== 'invalid_union' || !('discriminator' in issue)) return false;
  return typeof issue.path.reduce(partOf, sent) === 'string';
}

function partOf(whole: unknown, name: PropertyKey): unknown {
  // Any name may be looked up in an object; what is found is only looked at.
  return typeof whole === 'object' && whole !== null ? (whole as Record<PropertyKey, unknown>)[name] : undefined;
}
