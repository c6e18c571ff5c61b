/**
 * Which prompts a turn answers. A prompt that comes while a turn runs steers it: it is named in a turn of its own, which
 * ends as the one that took it in. Every prompt is named in exactly one `turnStarted`, and every turn ends once.
 */
import type { AgentEvent } from '../../../protocol/agent-event.ts';
import type { PromptId, TurnId } from '../../../protocol/ids.ts';

export type TurnEnd = Pick<Extract<AgentEvent, { type: 'turnEnded' }>, 'reason' | 'failure'>;

export class Turns {
  readonly #newId: () => TurnId;
  #open: TurnId | null = null;
  #codexTurnId: string | null = null;
  /** Of the prompts that steer it. */
  #steering: PromptId[] = [];

  constructor(deps: { readonly newId: () => TurnId }) {
    this.#newId = deps.newId;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  get codexTurnId(): string | null {
    return this.#codexTurnId;
  }

  prompted(promptId: PromptId): AgentEvent[] {
    if (this.#open === null) return this.#start([promptId]);
    this.#steering.push(promptId);
    return [];
  }

  accepted(codexTurnId: string): void {
    if (this.#open !== null) this.#codexTurnId = codexTurnId;
  }

  /** The program begins to work: on what it was given, or on its own. */
  began(codexTurnId: string): AgentEvent[] {
    const events = this.#open === null ? this.#start([]) : [];
    this.#codexTurnId = codexTurnId;
    return events;
  }

  isOf(codexTurnId: string): boolean {
    return this.#open !== null && (this.#codexTurnId === null || this.#codexTurnId === codexTurnId);
  }

  ended(end: TurnEnd): AgentEvent[] {
    const taken = this.#steering;
    this.#steering = [];
    const events = this.#end(end);
    return taken.length === 0 ? events : [...events, ...this.#start(taken), ...this.#end(end)];
  }

  #start(promptIds: readonly PromptId[]): AgentEvent[] {
    const turnId = this.#newId();
    this.#open = turnId;
    return [{ type: 'turnStarted', turnId, promptIds: [...promptIds] }];
  }

  #end(end: TurnEnd): AgentEvent[] {
    if (this.#open === null) return [];
    const turnId = this.#open;
    this.#open = null;
    this.#codexTurnId = null;
    return [{ type: 'turnEnded', turnId, ...end }];
  }
}
