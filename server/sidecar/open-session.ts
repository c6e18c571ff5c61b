/** One session of the agent in this sidecar: the adapter that drives its program, and what is needed to begin it again. */

import type { AgentEvent, Usage } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { ApprovalId, SessionId } from '../protocol/ids.ts';
import type { AdapterContext, AgentAdapter, OpenedSession } from './adapter.ts';
import { endedFailure } from './ended-failure.ts';
import type { Environment } from './program-environment.ts';
import { TurnWatch } from './turn-watch.ts';

export type SessionWish = {
  readonly sessionId: SessionId;
  readonly providerSessionId: string | null;
  readonly model: string | null;
  readonly usage?: Usage | null | undefined;
  readonly secrets: Environment;
};

export type OpenSessionDeps = {
  readonly createAdapter: (context: Pick<AdapterContext, 'emit' | 'onExit'>, secrets: Environment) => AgentAdapter;
  readonly emit: (sessionId: SessionId, event: AgentEvent) => void;
  readonly onProgramEnded: (detail: string) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

export class OpenSession {
  readonly watch: TurnWatch;
  readonly #deps: OpenSessionDeps;
  readonly #model: string | null;
  readonly sessionId: SessionId;
  /** In memory only, for starting the program again. */
  #secrets: Environment;
  #adapter: AgentAdapter | undefined;
  #opened: OpenedSession | null = null;

  constructor(deps: OpenSessionDeps, wish: SessionWish) {
    this.#deps = deps;
    this.sessionId = wish.sessionId;
    this.#model = wish.model;
    this.#secrets = wish.secrets;
    this.watch = new TurnWatch(wish);
  }

  /** Null while its program does not run. */
  get opened(): OpenedSession | null {
    return this.#opened;
  }

  useSecrets(secrets: Environment): void {
    this.#secrets = secrets;
  }

  /** Starts the program and goes on with what it last called its session; nothing to do while it runs. */
  async open(): Promise<OpenedSession> {
    if (this.#opened) return this.#opened;
    const adapter = this.#newAdapter();
    try {
      const { providerSessionId, usage } = this.watch;
      const opened = await adapter.open({ providerSessionId, model: this.#model, usage });
      // It may have ended between its answer and now.
      if (this.#adapter !== adapter) throw new AgorError('agentFailed', "The agent's program ended right after it was started.");
      this.#opened = opened;
      return opened;
    } catch (error) {
      await adapter.stop();
      throw error;
    }
  }

  /** The adapter of the program that runs. */
  get adapter(): AgentAdapter | undefined {
    return this.#adapter;
  }

  answer(approvalId: ApprovalId, decision: Parameters<AgentAdapter['answer']>[1], message: string | null): boolean {
    const isDelivered = this.#adapter?.answer(approvalId, decision, message) ?? false;
    if (isDelivered) this.watch.answered(approvalId);
    return isDelivered;
  }

  emit(event: AgentEvent): void {
    this.watch.observe(event);
    const told = event.type === 'turnEnded' && event.failure ? { ...event, failure: endedFailure(event.failure) } : event;
    this.#deps.emit(this.sessionId, told);
  }

  /** Ends the program; afterwards no turn is open. */
  async stop(): Promise<void> {
    await this.#adapter?.stop();
    this.#adapter = undefined;
    this.#opened = null;
    const { turnId } = this.watch;
    if (turnId !== null) this.emit({ type: 'turnEnded', turnId, reason: 'interrupted', failure: null });
  }

  /** What an adapter says after its program was given up is of a time that is over. */
  #newAdapter(): AgentAdapter {
    const context = {
      emit: (event: AgentEvent) => {
        if (this.#adapter === adapter) this.emit(event);
        else this.#deps.log('an event came after its program had ended', { type: event.type });
      },
      onExit: (detail: string) => {
        if (this.#adapter === adapter) this.#programEnded(detail);
      },
    };
    const adapter = this.#deps.createAdapter(context, this.#secrets);
    this.#adapter = adapter;
    return adapter;
  }

  #programEnded(detail: string): void {
    this.#adapter = undefined;
    this.#opened = null;
    const { turnId } = this.watch;
    const failure = { type: 'unknown', message: detail, retryable: false } as const;
    if (turnId !== null) this.emit({ type: 'turnEnded', turnId, reason: 'crashed', failure });
    this.#deps.onProgramEnded(detail);
  }
}
