/**
 * What waits for one agent: the prompts of its queue, and mail that becomes one when its time has come. What the disk does
 * not give or take now is looked at again when something else happens.
 */
import type { Clock } from '../base/clock.ts';
import type { Failure } from '../protocol/agent-event.ts';
import type { PromptId } from '../protocol/ids.ts';
import type { SidecarParams } from '../protocol/sidecar-wire.ts';
import type { QueuedPrompt } from './prompt-queue.ts';

export type PromptExtras = Pick<SidecarParams<'run/prompt'>, 'mail' | 'context'>;

/** `crashed`: the sidecar that was given it is gone, so its program may have it. */
export type HowItFailed = 'failed' | 'crashed';

export type WaitingPromptsDeps = {
  readonly nextPrompt: () => QueuedPrompt | undefined;
  /** Nothing may be begun: its budget is used up, or it went round in circles. */
  readonly isHeld: () => boolean;
  /** Mail is due for it. */
  readonly isMailDue: () => boolean;
  /** Makes that mail its next prompt. */
  readonly promptWithMail: () => void;
  /** What goes with the prompt besides its text. */
  readonly extrasOf: (prompt: QueuedPrompt) => PromptExtras;
  /** The session has messages of that prompt already: it is taken back, and the rest comes again. */
  readonly takeBackMail: (prompt: QueuedPrompt) => void;
  readonly failPrompt: (prompt: QueuedPrompt, failure: Failure, how: HowItFailed) => void;
  readonly failureOf: (error: unknown) => Failure;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/**
 * Mail that could not be made a prompt is left alone for so long. To try is itself told as news of that mail, which would
 * be tried again at once, and on a full disk for ever.
 */
const mailRestMs = 1_000;

export class WaitingPrompts {
  readonly #deps: WaitingPromptsDeps;
  readonly #onRested: () => void;
  #mailRests = false;

  constructor(deps: WaitingPromptsDeps, onRested: () => void) {
    this.#deps = deps;
    this.#onRested = onRested;
  }

  next(): QueuedPrompt | undefined {
    return this.#tried(() => this.#deps.nextPrompt(), { otherwise: undefined, told: 'the prompts that wait cannot be read' });
  }

  isMailDue(): boolean {
    return !this.#mailRests && this.#tried(() => this.#deps.isMailDue(), { otherwise: false, told: 'the mail that waits cannot be read' });
  }

  /** The next prompt, made of the mail that is due. */
  nextOfMail(): QueuedPrompt | undefined {
    const make = () => {
      this.#deps.promptWithMail();
      return true;
    };
    if (!this.#tried(make, { otherwise: false, told: 'mail could not be made a prompt' })) this.#restMail();
    return this.next();
  }

  #restMail(): void {
    this.#mailRests = true;
    this.#deps.clock.after(mailRestMs, () => {
      this.#mailRests = false;
      this.#onRested();
    });
  }

  /** Throws when the queue cannot be read. */
  isNext({ id }: QueuedPrompt): boolean {
    return this.#deps.nextPrompt()?.id === id;
  }

  paramsOf(prompt: QueuedPrompt): SidecarParams<'run/prompt'> {
    return { promptId: prompt.id, text: prompt.text, ...this.#deps.extrasOf(prompt) };
  }

  takeBack(prompt: QueuedPrompt): void {
    this.#deps.takeBackMail(prompt);
  }

  /** The sidecar may have told of the failure as a turn of its own: then the prompt no longer waits. False when it still does. */
  fail(id: PromptId, error: unknown, how: HowItFailed = 'failed'): boolean {
    const fail = () => {
      const prompt = this.#deps.nextPrompt();
      if (prompt?.id === id) this.#deps.failPrompt(prompt, this.#deps.failureOf(error), how);
      return true;
    };
    return this.#tried(fail, { otherwise: false, told: 'a prompt that failed still waits' });
  }

  #tried<T>(work: () => T, { otherwise, told }: { readonly otherwise: T; readonly told: string }): T {
    try {
      return work();
    } catch (err) {
      this.#deps.log(told, { err });
      return otherwise;
    }
  }
}
