/** What the agent's own events say about where it stands: its turn, the prompt of it, and the questions that are open. */
import type { AgentEvent, TurnEndReason, Usage } from '../protocol/agent-event.ts';
import type { ApprovalId, PromptId, TurnId } from '../protocol/ids.ts';

export class TurnWatch {
  readonly #startedPrompts = new Set<PromptId>();
  readonly #openApprovals = new Set<ApprovalId>();
  #turnId: TurnId | null = null;
  #promptId: PromptId | null = null;
  #providerSessionId: string | null;
  #usage: Usage | null;
  #lastEnd: TurnEndReason | null = null;
  #onEnded: (() => void)[] = [];

  constructor(known: { readonly providerSessionId: string | null; readonly usage?: Usage | null | undefined }) {
    this.#providerSessionId = known.providerSessionId;
    this.#usage = known.usage ?? null;
  }

  get turnId(): TurnId | null {
    return this.#turnId;
  }

  get promptId(): PromptId | null {
    return this.#promptId;
  }

  get providerSessionId(): string | null {
    return this.#providerSessionId;
  }

  /** The session's totals as last told. */
  get usage(): Usage | null {
    return this.#usage;
  }

  /** How the last turn ended; null while one runs, and before the first. */
  get lastEnd(): TurnEndReason | null {
    return this.#lastEnd;
  }

  get openApprovals(): readonly ApprovalId[] {
    return [...this.#openApprovals];
  }

  hasStarted(promptId: PromptId): boolean {
    return this.#startedPrompts.has(promptId);
  }

  observe(event: AgentEvent): void {
    if (event.type === 'sessionOpened') this.#providerSessionId = event.providerSessionId;
    else if (event.type === 'usage') this.#usage = event.usage;
    else if (event.type === 'turnStarted') this.#turnStarted(event.turnId, event.promptIds);
    else if (event.type === 'promptJoined') for (const promptId of event.promptIds) this.#startedPrompts.add(promptId);
    else if (event.type === 'permissionAsked') this.#openApprovals.add(event.approvalId);
    else if (event.type === 'permissionWithdrawn') this.#openApprovals.delete(event.approvalId);
    else if (event.type === 'turnEnded' && event.turnId === this.#turnId) this.#turnEnded(event.reason);
  }

  /** The program did not take it into its turn after all. */
  notTaken(promptId: PromptId): void {
    this.#startedPrompts.delete(promptId);
  }

  answered(approvalId: ApprovalId): void {
    this.#openApprovals.delete(approvalId);
  }

  /** Resolves when no turn runs. */
  ended(): Promise<void> {
    if (this.#turnId === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEnded.push(resolve);
    });
  }

  #turnStarted(turnId: TurnId, promptIds: readonly PromptId[]): void {
    this.#turnId = turnId;
    this.#lastEnd = null;
    this.#promptId = promptIds.at(-1) ?? this.#promptId;
    for (const promptId of promptIds) this.#startedPrompts.add(promptId);
  }

  #turnEnded(reason: TurnEndReason): void {
    this.#turnId = null;
    this.#lastEnd = reason;
    this.#openApprovals.clear();
    for (const resolve of this.#onEnded.splice(0)) resolve();
  }
}
