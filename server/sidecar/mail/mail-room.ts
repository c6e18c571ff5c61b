/**
 * Decides, for the session that is open here, which messages its program is given and by which way: as a turn of their
 * own, beside another prompt, or at the end of a turn. There is one place for that decision, so that each message
 * reaches a session once, whatever the backend and the hooks want at the same moment.
 */
import type { AgentEvent } from '../../protocol/agent-event.ts';
import type { MessageId, PromptId, SessionId, TurnId } from '../../protocol/ids.ts';
import type { CarriedMessage, DeliveredBy, MailItem, OwedReply } from '../../protocol/message.ts';
import { contextText, stopText } from './mail-texts.ts';
import type { KnownMail } from './reply-obligations.ts';

type MailRoomDeps = {
  /** At once, from memory. */
  readonly known: () => KnownMail;
  /** Puts it on disk before it returns. */
  readonly emit: (sessionId: SessionId, event: AgentEvent) => void;
  /** Whether the files that come with a message are where its text says. */
  readonly hasFiles: (message: CarriedMessage) => boolean;
  /** Whether the program's own record of the open session has that text; null where it cannot tell. */
  readonly remembers: (text: string) => Promise<boolean | null>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type CarryingPrompt = { readonly promptId: PromptId; readonly mail?: readonly CarriedMessage[] | undefined };
type Stop = { readonly isRepeat: boolean };

/** By any of these the program shows that it has what it was given before. */
const signsOfLife: ReadonlySet<AgentEvent['type']> = new Set<AgentEvent['type']>([
  'text',
  'thinking',
  'toolStarted',
  'permissionAsked',
  'plan',
]);
/** More is given at the next occasion. */
const mostGivenAtOnce = 20;
const mostGivenChars = 48 * 1024;

export class MailRoom {
  readonly #deps: MailRoomDeps;
  #sessionId: SessionId | undefined;
  /** Of the open session: given by any way, or read by command. */
  #given = new Set<MessageId>();
  /** Given, and the program has not shown that it has them. */
  #unconfirmed = new Set<MessageId>();
  /** Carried by prompts that have not begun: the program may be at a turn of its own, whose signs say nothing of them. */
  #carried: { readonly promptId: PromptId; readonly message: CarriedMessage }[] = [];
  /** Its turn ended without a sign, so the program may have it; what is known of the backend may be from before that. */
  #inDoubt = new Set<MessageId>();
  /** Of the open session: given here and not answered; the backend's word for it may be a moment old. */
  #owed = new Map<MessageId, OwedReply>();
  /** What the agent has answered; the backend's word for it may be a moment old. */
  #answered = new Set<MessageId>();
  #turnId: TurnId | undefined;
  #heldTurnId: TurnId | undefined;

  constructor(deps: MailRoomDeps) {
    this.#deps = deps;
  }

  /**
   * Before a prompt that carries mail is given. Those that the session has already: then the prompt must not be given,
   * and nothing has been noted.
   */
  async take(sessionId: SessionId, { promptId, mail = [] }: CarryingPrompt): Promise<MessageId[]> {
    this.#enter(sessionId);
    const remembered = await this.#remembered(mail);
    const had = mail.map(({ id }) => id).filter((id) => this.#given.has(id) || remembered.includes(id));
    const news = remembered.filter((id) => !this.#given.has(id));
    for (const id of news) this.#given.add(id);
    if (news.length > 0) this.#deps.emit(sessionId, { type: 'mailSeen', messageIds: news });
    if (had.length > 0) return had;
    for (const message of mail) {
      this.#given.add(message.id);
      this.#carried.push({ promptId, message });
    }
    return [];
  }

  /** It could not be given after all. Once it has begun, the end of its turn says what became of its mail. */
  putBack(promptId: PromptId): void {
    for (const each of this.#carried) if (each.promptId === promptId) this.#given.delete(each.message.id);
    this.#carried = this.#carried.filter((each) => each.promptId !== promptId);
  }

  /** What goes beside a prompt that is about something else; undefined when nothing waits. */
  besides(sessionId: SessionId): string | undefined {
    this.#enter(sessionId);
    const waiting = this.#waiting();
    if (waiting.length === 0) return undefined;
    const text = contextText(waiting.map((item) => item.text));
    this.#give(sessionId, waiting, { by: 'context', text });
    return text;
  }

  /** The agent wants to end its turn. Null: it may. It is held to what it owes once in a turn. */
  stop(sessionId: SessionId, { isRepeat }: Stop): { readonly block: string } | null {
    this.#enter(sessionId);
    const { owed: known, isKnown, ageMs } = this.#deps.known();
    if (isRepeat || (this.#turnId !== undefined && this.#heldTurnId === this.#turnId)) return null;
    if (!isKnown) {
      this.#deps.log('a turn ends unverified: what its agent owes was never learned', { sessionId });
      return null;
    }
    const waiting = this.#waiting();
    const owed = this.#stillOwed(known);
    if (waiting.length === 0 && owed.length === 0) return null;
    this.#heldTurnId = this.#turnId;
    const block = stopText(
      waiting.map((item) => item.text),
      owed,
    );
    this.#deps.log('a turn goes on', { unread: waiting.length, owed: owed.length, ageMs });
    this.#give(sessionId, waiting, { by: 'stop', text: block });
    return { block };
  }

  /** The agent asked for it itself. */
  read(sessionId: SessionId, messageId: MessageId): void {
    this.#enter(sessionId);
    this.#given.add(messageId);
  }

  /** The agent replied; `reference` is the id of the message, or a part of it. */
  answered(sessionId: SessionId, reference: string): void {
    this.#enter(sessionId);
    // What it meant is among what it owes now: a later id may begin alike.
    for (const id of [...this.#owed.keys(), ...this.#deps.known().owed.map((reply) => reply.id)]) {
      if (!isMeant(reference, id)) continue;
      this.#owed.delete(id);
      this.#answered.add(id);
    }
  }

  /** What the agent does, in its order. */
  heard(sessionId: SessionId, event: AgentEvent): void {
    this.#enter(sessionId);
    if (event.type === 'turnStarted') this.#began(event);
    if (signsOfLife.has(event.type)) this.#confirm(sessionId);
    if (event.type !== 'turnEnded' || event.turnId !== this.#turnId) return;
    this.#turnId = undefined;
    if (event.reason === 'completed') return this.#confirm(sessionId);
    // What became of it the backend decides: it may be given again.
    for (const id of this.#unconfirmed) {
      this.#given.delete(id);
      this.#owed.delete(id);
      this.#inDoubt.add(id);
    }
    this.#unconfirmed.clear();
  }

  #began({ turnId, promptIds }: Extract<AgentEvent, { type: 'turnStarted' }>): void {
    this.#turnId = turnId;
    const hasBegun = ({ promptId }: { readonly promptId: PromptId }) => promptIds.includes(promptId);
    for (const { message } of this.#carried.filter(hasBegun)) this.#note(message);
    this.#carried = this.#carried.filter((each) => !hasBegun(each));
  }

  /** The program went on after it had been held at the end of its turn. */
  blockTaken(sessionId: SessionId): void {
    this.#enter(sessionId);
    this.#confirm(sessionId);
  }

  #enter(sessionId: SessionId): void {
    if (this.#sessionId === sessionId) return;
    this.#sessionId = sessionId;
    this.#given = new Set();
    this.#unconfirmed = new Set();
    this.#carried = [];
    this.#inDoubt = new Set();
    this.#owed = new Map();
    this.#answered = new Set();
    this.#turnId = undefined;
    this.#heldTurnId = undefined;
  }

  async #remembered(mail: readonly CarriedMessage[]): Promise<MessageId[]> {
    const found: MessageId[] = [];
    for (const { id, mark, isUncertain } of mail) {
      if (isUncertain && (await this.#deps.remembers(mark)) === true) found.push(id);
    }
    return found;
  }

  /** In their order; one that may be there already, or whose files are missing, goes only as a turn of its own. */
  #waiting(): MailItem[] {
    const unread = this.#deps.known().unread.filter(({ id }) => !this.#given.has(id));
    const first = unread.findIndex((item) => item.isUncertain || this.#inDoubt.has(item.id) || !this.#deps.hasFiles(item));
    const ready = (first === -1 ? unread : unread.slice(0, first)).slice(0, mostGivenAtOnce);
    let chars = 0;
    return ready.filter(({ text }, index) => {
      chars += text.length;
      return index === 0 || chars <= mostGivenChars;
    });
  }

  #give(sessionId: SessionId, items: readonly MailItem[], { by, text }: { readonly by: DeliveredBy; readonly text: string }): void {
    for (const item of items) this.#note(item);
    this.#deps.emit(sessionId, { type: 'mailGiven', messageIds: items.map(({ id }) => id), by, text });
  }

  #note({ id, from, expectsReply }: CarriedMessage): void {
    this.#given.add(id);
    this.#inDoubt.delete(id);
    this.#unconfirmed.add(id);
    if (expectsReply) this.#owed.set(id, { id, from, excerpt: '', sentAt: 0 });
  }

  #stillOwed(known: readonly OwedReply[]): OwedReply[] {
    const all = new Map([...known, ...this.#owed.values()].map((reply) => [reply.id, reply]));
    return [...all.values()].filter(({ id }) => !this.#answered.has(id));
  }

  #confirm(sessionId: SessionId): void {
    if (this.#unconfirmed.size === 0) return;
    const messageIds = [...this.#unconfirmed];
    this.#unconfirmed.clear();
    this.#deps.emit(sessionId, { type: 'mailSeen', messageIds });
  }
}

/** Any beginning or end of an id may be named. */
function isMeant(reference: string, id: MessageId): boolean {
  const digits = reference.toLowerCase();
  return digits !== '' && (id.startsWith(digits) || id.endsWith(digits));
}
