/**
 * Which prompts a turn answers. The program does not answer line by line: it takes prompts that came meanwhile into a
 * running turn, and begins turns by itself when a background task comes back. Every prompt is named in exactly one
 * `turnStarted`, and every turn ends once.
 */
import type { AgentEvent } from '../../../protocol/agent-event.ts';
import type { PromptId, TurnId } from '../../../protocol/ids.ts';

export type TurnEnd = Pick<Extract<AgentEvent, { type: 'turnEnded' }>, 'reason' | 'failure'>;
type Turn = { readonly turnId: TurnId; readonly promptIds: readonly PromptId[] };

export class Turns {
  readonly #newId: () => TurnId;
  #open: Turn | null = null;
  /** Given to the program while a turn ran, not yet part of one that we have announced. */
  #waiting: PromptId[] = [];
  /** Of those, the ones that were told as part of the turn that ran. */
  readonly #joined = new Set<PromptId>();

  constructor(deps: { readonly newId: () => TurnId }) {
    this.#newId = deps.newId;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  prompted(promptId: PromptId, joins?: TurnId): AgentEvent[] {
    if (joins !== undefined) this.#joined.add(promptId);
    if (!this.#open && this.#waiting.length === 0) return this.#start([promptId]);
    this.#waiting.push(promptId);
    return [];
  }

  /** The program begins to work on something: on a prompt that it names, or on its own. */
  began(uuid: string | null): AgentEvent[] {
    if (this.#open) return [];
    if (uuid === null) return this.#start(this.#waiting.splice(0, 1));
    return this.#start(this.#takeWaiting([uuid]), { unlessEmpty: true });
  }

  /** True when what ended is the open turn, and not one that the program ran by itself before it came to our prompt. */
  endsOpenTurn(uuids: readonly string[], isOwn: boolean): boolean {
    if (!this.#open) return false;
    if (this.#open.promptIds.length === 0) return true;
    return uuids.length === 0 ? !isOwn : this.#open.promptIds.some((id) => uuids.includes(id));
  }

  /** Prompts of `uuids` that the turn took in get a turn of their own, which ends as it did: nobody waits for them. */
  ended(end: TurnEnd, uuids: readonly string[]): AgentEvent[] {
    const events = this.#end(end);
    const takenIn = this.#untold(this.#takeWaiting(uuids));
    if (takenIn.length === 0) return events;
    return [...events, ...this.#start(takenIn), ...this.#end(end)];
  }

  /** The program is done with a prompt and said no result for it. */
  finished(uuid: string, end: TurnEnd): AgentEvent[] {
    if (this.#open?.promptIds.some((id) => id === uuid)) return this.#end(end);
    if (this.#open) return [];
    const left = this.#untold(this.#takeWaiting([uuid]));
    return left.length === 0 ? [] : [...this.#start(left), ...this.#end(end)];
  }

  /** Nothing will come any more. */
  endAll(end: TurnEnd): AgentEvent[] {
    return this.ended(end, this.#waiting.slice());
  }

  #start(promptIds: PromptId[], options?: { readonly unlessEmpty: boolean }): AgentEvent[] {
    if (options?.unlessEmpty && promptIds.length === 0) return [];
    this.#open = { turnId: this.#newId(), promptIds };
    return [{ type: 'turnStarted', turnId: this.#open.turnId, promptIds }];
  }

  #end(end: TurnEnd): AgentEvent[] {
    if (!this.#open) return [];
    const { turnId } = this.#open;
    this.#open = null;
    return [{ type: 'turnEnded', turnId, ...end }];
  }

  /** Whoever waits for one of the others was told already of which turn it is. */
  #untold(promptIds: readonly PromptId[]): PromptId[] {
    return promptIds.filter((id) => !this.#joined.delete(id));
  }

  #takeWaiting(uuids: readonly string[]): PromptId[] {
    const taken = this.#waiting.filter((id) => uuids.includes(id));
    this.#waiting = this.#waiting.filter((id) => !uuids.includes(id));
    return taken;
  }
}
