/** What an agent works on: the turn that runs, or the prompt that was given to it and that it has not begun. */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { PromptId, SessionId, TurnId } from '../protocol/ids.ts';

export type RunningTurn = { readonly sessionId: SessionId; readonly turnId: TurnId };

export class CurrentWork {
  #turn: RunningTurn | undefined;
  #given: PromptId | undefined;

  constructor(turn: RunningTurn | undefined) {
    this.#turn = turn;
  }

  get turn(): RunningTurn | undefined {
    return this.#turn;
  }

  get isAny(): boolean {
    return this.#turn !== undefined || this.#given !== undefined;
  }

  give(id: PromptId): void {
    this.#given = id;
  }

  /** It was not taken, or not by this one. */
  takeBack(id: PromptId): void {
    if (this.#given === id) this.#given = undefined;
  }

  /**
   * A sidecar greets. A turn that it runs counts before its beginning has been taken in: no prompt is given into it. One
   * that was given, and that it does not know, has to be given again.
   */
  learn(hello: SidecarHello | undefined): void {
    if (hello?.turnId && hello.sessionId) this.#turn ??= { sessionId: hello.sessionId, turnId: hello.turnId };
    if (hello?.promptId !== this.#given) this.#given = undefined;
  }

  heard(sessionId: SessionId, event: AgentEvent): void {
    if (event.type === 'turnStarted') {
      this.#turn = { sessionId, turnId: event.turnId };
      if (this.#given && event.promptIds.includes(this.#given)) this.#given = undefined;
    }
    if (event.type === 'promptJoined' && this.#given && event.promptIds.includes(this.#given)) this.#given = undefined;
    if (event.type === 'turnEnded' && event.turnId === this.#turn?.turnId) this.#turn = undefined;
  }

  /** Nobody is left who could go on with it. Gives the prompt that may or may not have been begun. */
  drop(): PromptId | undefined {
    const given = this.#given;
    this.#turn = undefined;
    this.#given = undefined;
    return given;
  }
}
