/** Whether a message may be sent: to whom, how many, and how often back and forth. Each refusal is told and audited. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Allowance } from '../base/allowance.ts';
import type { Clock } from '../base/clock.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PartyId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Directory, MessagingDeps } from './deps.ts';
import type { Draft } from './draft.ts';
import { type Answered, answerWithinMs, nextHops } from './hops.ts';
import type { LastWord, MessageStore } from './message-store.ts';
import { agentIdIn } from './parties.ts';

export type RulesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly messages: MessageStore;
  readonly directory: Directory;
  readonly hasProgress: MessagingDeps['hasProgress'];
  readonly setting: Setting;
  readonly now: () => number;
  readonly clock: Clock;
};

/** Takes from the sender's allowance; null when there was enough. */
export type Pace = (sender: PartyId) => { readonly waitMs: number } | null;

/** So many refusals of a sender are audited; the others are counted in the next one. */
const auditedRefusals = { times: 3, perMs: 60_000 };

type Answering = { readonly other: PartyId; readonly word: LastWord };

export class SendingRules {
  readonly #deps: RulesDeps;
  readonly #refusals = new Map<PartyId, Allowance>();
  /** Pairs whose loop was told of and goes on. */
  readonly #loops = new Set<string>();

  constructor(deps: RulesDeps) {
    this.#deps = deps;
  }

  /** How often the message has gone back and forth. Throws `refused`; then nothing was kept but the audit row. */
  check(draft: Draft, pace: Pace): number {
    const { party } = draft.by;
    const { recipient } = draft.target;
    const forbidden = recipient === null ? null : this.#deps.directory.refusalToWrite(party, recipient);
    if (forbidden !== null) throw this.#refuse(draft, 'permission', forbidden);
    const late = party === partyIds.person ? null : pace(party);
    if (late) throw this.#refuse(draft, 'rate', this.#tooMany(late.waitMs));
    return this.#hops(draft);
  }

  forget(party: PartyId): void {
    this.#refusals.delete(party);
  }

  #hops(draft: Draft): number {
    const { party } = draft.by;
    if (party === partyIds.person) return nextHops('person', null);
    const answering = draft.replied ? replyTo(draft) : this.#answering(draft);
    const hops = nextHops('other', answering && this.#answered(party, answering));
    const loop = answering ? [party, answering.other].sort().join(' ') : '';
    const max = this.#deps.setting('messages.maxHops');
    if (hops <= max || !answering) {
      this.#loops.delete(loop);
      return hops;
    }
    throw this.#breakLoop(draft, answering, loop);
  }

  /** A plain message to who wrote last is an answer too; else two could go on for ever without ever replying. */
  #answering({ by: { party }, target, at }: Draft): Answering | null {
    const { messages } = this.#deps;
    if (target.channel) return onlyOther(messages.lastInChannel(target.channel.id, at - answerWithinMs), party);
    const word = messages.lastFrom(target.recipient, party);
    return word && word.sentAt >= at - answerWithinMs ? { other: target.recipient, word } : null;
  }

  #answered(party: PartyId, { other, word }: Answering): Answered {
    const { messages, hasProgress } = this.#deps;
    const { hops, place, sentAt } = word;
    return { hops, somethingElseHappened: messages.othersWroteSince(party, other, place) || hasProgress([party, other], sentAt) };
  }

  #breakLoop(draft: Draft, { other }: Answering, loop: string): AgorError {
    const { name } = this.#deps.directory.party(other);
    const times = this.#deps.setting('messages.maxHops');
    if (!this.#loops.has(loop)) this.#audit(draft, 'loop_broken', { with: other, hops: times });
    this.#loops.add(loop);
    return new AgorError(
      'refused',
      `You and ${name} have answered each other ${times} times and nothing else happened, so this was not sent. Move a task on, or ask the person; then you can write to each other again.`,
    );
  }

  #refuse(draft: Draft, rule: string, sentence: string): AgorError {
    const { party } = draft.by;
    const allowance = this.#refusals.get(party) ?? new Allowance(auditedRefusals);
    this.#refusals.set(party, allowance);
    const granted = allowance.take(this.#deps.clock.elapsed());
    if (granted) this.#audit(draft, 'message_refused', { rule, ...granted });
    return new AgorError('refused', sentence);
  }

  #audit({ by, target, id }: Draft, event: AuditEvent, more: Readonly<Record<string, unknown>>): void {
    const { file, audit, now } = this.#deps;
    const detail = { messageId: id, from: by.party, to: target.recipient ?? `#${target.channel.name}`, ...more };
    file.write(() => audit.append({ at: now(), event, agentId: agentIdIn(by.party), actor: by.actor, detail }));
  }

  #tooMany(waitMs: number): string {
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    return `You have sent ${this.#deps.setting('messages.perMinute')} messages within a minute, which is as many as are possible. Try again in ${seconds} s; nothing was sent.`;
  }
}

/** An answer to oneself answers nobody. */
function replyTo({ replied, by }: Draft): Answering | null {
  return replied && replied.sender !== by.party ? { other: replied.sender, word: replied } : null;
}

/** Who alone has written in the channel since `party` did: the two may be talking only to each other. */
function onlyOther(newestFirst: readonly (LastWord & { readonly sender: PartyId })[], party: PartyId): Answering | null {
  const own = newestFirst.findIndex(({ sender }) => sender === party);
  const since = (own === -1 ? newestFirst : newestFirst.slice(0, own)).filter(({ sender }) => sender !== partyIds.system);
  const [word] = since;
  return word && since.every(({ sender }) => sender === word.sender) ? { other: word.sender, word } : null;
}
