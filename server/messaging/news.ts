/**
 * Tells who listens what has changed. A transaction of the caller may still be open, and may fail: so it is told when
 * that is over, once for each thing, and as it then stands on disk.
 */
import { Emitter } from '../base/emitter.ts';
import type { AgentId, DeadLetterId, MessageId } from '../protocol/ids.ts';
import type { DeadLetter, Message } from '../protocol/message.ts';
import type { HeldItem } from '../protocol/screening.ts';

export type NewsDeps = {
  readonly isOpen: () => boolean;
  readonly message: (id: MessageId) => Message | undefined;
  readonly deadLetter: (id: DeadLetterId) => DeadLetter | undefined;
  readonly held: () => HeldItem[];
};

export class News {
  /** New, or one of its deliveries has moved on. */
  readonly changed = new Emitter<Message>();
  /** Something is due for the agent, or what it has to read or to answer has changed. */
  readonly mailFor = new Emitter<AgentId>();
  readonly deadLetterChanged = new Emitter<DeadLetter>();
  /** All that wait for the person now. */
  readonly heldChanged = new Emitter<HeldItem[]>();
  readonly #deps: NewsDeps;
  readonly #messages = new Set<MessageId>();
  readonly #agents = new Set<AgentId>();
  readonly #deadLetters = new Set<DeadLetterId>();
  #heldMoved = false;
  #isScheduled = false;

  constructor(deps: NewsDeps) {
    this.#deps = deps;
  }

  ofMessage(id: MessageId): void {
    this.#messages.add(id);
    this.#schedule();
  }

  ofMail(id: AgentId): void {
    this.#agents.add(id);
    this.#schedule();
  }

  ofDeadLetter(id: DeadLetterId): void {
    this.#deadLetters.add(id);
    this.#schedule();
  }

  ofHeld(): void {
    this.#heldMoved = true;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    const [messages, deadLetters, agents, heldMoved] = [[...this.#messages], [...this.#deadLetters], [...this.#agents], this.#heldMoved];
    for (const told of [this.#messages, this.#deadLetters, this.#agents]) told.clear();
    [this.#heldMoved, this.#isScheduled] = [false, false];
    if (!this.#deps.isOpen()) return;
    for (const message of messages.flatMap((id) => this.#deps.message(id) ?? [])) this.changed.emit(message);
    for (const letter of deadLetters.flatMap((id) => this.#deps.deadLetter(id) ?? [])) this.deadLetterChanged.emit(letter);
    if (heldMoved) this.heldChanged.emit(this.#deps.held());
    for (const id of agents) this.mailFor.emit(id);
  }
}
