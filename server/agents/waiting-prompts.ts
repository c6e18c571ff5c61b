/**
 * What waits for one agent: the prompts of its queue, and mail that becomes one when its time has come. What the disk does
 * not give or take now is looked at again when something else happens.
 */
import type { Failure } from '../protocol/agent-event.ts';
import type { PromptId } from '../protocol/ids.ts';
import type { SidecarParams } from '../protocol/sidecar-wire.ts';
import type { QueuedPrompt } from './prompt-queue.ts';

export type PromptExtras = Pick<SidecarParams<'run/prompt'>, 'mail' | 'context'>;

/** `crashed`: the sidecar that was given it is gone, so its program may have it. */
export type HowItFailed = 'failed' | 'crashed';

export type WaitingPromptsDeps = {
  readonly nextPrompt: () => QueuedPrompt | undefined;
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
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export class WaitingPrompts {
  readonly #deps: WaitingPromptsDeps;

  constructor(deps: WaitingPromptsDeps) {
    this.#deps = deps;
  }

  next(): QueuedPrompt | undefined {
    return this.#tried(() => this.#deps.nextPrompt(), { otherwise: undefined, told: 'the prompts that wait cannot be read' });
  }

  isMailDue(): boolean {
    return this.#tried(() => this.#deps.isMailDue(), { otherwise: false, told: 'the mail that waits cannot be read' });
  }

  /** The next prompt, made of the mail that is due. */
  nextOfMail(): QueuedPrompt | undefined {
    this.#tried(() => this.#deps.promptWithMail(), { otherwise: undefined, told: 'mail could not be made a prompt' });
    return this.next();
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
