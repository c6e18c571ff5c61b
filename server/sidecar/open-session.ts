/** One session of the agent in this sidecar: the adapter that drives its program, and what is needed to begin it again. */
import type { AgentEvent, Usage } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { AdapterContext, AgentAdapter, OpenedSession, Prompt } from './adapter.ts';
import { endedFailure } from './ended-failure.ts';
import type { ProgramExit } from './program.ts';
import { becauseOfExit, becauseOfFailure } from './program-end-reason.ts';
import type { ProgramEnd, ProgramStep } from './program-ends.ts';
import type { Environment } from './program-environment.ts';
import { TurnCourse, type TurnLimits } from './turn-course.ts';
import { TurnWatch } from './turn-watch.ts';

export type SessionWish = {
  readonly sessionId: SessionId;
  readonly providerSessionId: string | null;
  readonly model: string | null;
  readonly usage?: Usage | null | undefined;
  readonly secrets: Environment;
};

export type OpenSessionDeps = TurnLimits & {
  readonly createAdapter: (context: Pick<AdapterContext, 'emit' | 'onExit'>, secrets: Environment) => AgentAdapter;
  readonly emit: (sessionId: SessionId, event: AgentEvent) => void;
  /** Decides what is done about a program that ended by itself, and sees to it. */
  readonly decide: (end: ProgramEnd) => ProgramStep;
  readonly onProgramEnded: (detail: string, step: ProgramStep) => void;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
};

export class OpenSession {
  readonly watch: TurnWatch;
  readonly sessionId: SessionId;
  readonly #deps: OpenSessionDeps;
  readonly #model: string | null;
  readonly #course: TurnCourse;
  /** In memory only, for starting the program again. */
  #secrets: Environment;
  #startedWith: Environment = {};
  #adapter: AgentAdapter | undefined;
  #opened: OpenedSession | null = null;
  #openedAt = 0;

  constructor(deps: OpenSessionDeps, wish: SessionWish) {
    this.#deps = deps;
    this.sessionId = wish.sessionId;
    this.#model = wish.model;
    this.#secrets = wish.secrets;
    this.watch = new TurnWatch(wish);
    this.#course = new TurnCourse({
      ...deps,
      give: (prompt) => this.#running().prompt(prompt),
      interruptProgram: async () => this.#adapter?.interrupt(),
      turnEnded: () => this.watch.ended(),
      tell: (event) => this.emit(event),
    });
  }

  /** Null while its program does not run. */
  get opened(): OpenedSession | null {
    return this.#opened;
  }

  /** For the next start of the program. */
  useSecrets(secrets: Environment): void {
    this.#secrets = secrets;
  }

  /** What the program had when it was started the last time. */
  get startedWith(): Environment {
    return this.#startedWith;
  }

  /** Ends the program between two turns; the next `open` starts it again and goes on with its session. */
  async rest(): Promise<void> {
    const adapter = this.#adapter;
    this.#adapter = undefined;
    this.#opened = null;
    await adapter?.stop();
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
      this.#openedAt = this.#deps.clock.elapsed();
      return opened;
    } catch (error) {
      await adapter.stop();
      throw error;
    }
  }

  /** What must be known of the project before a turn may change it. Never rejects. */
  prepareTurn(): Promise<void> {
    return this.#course.prepare();
  }

  /** Resolves when the program has been given the prompt, or its turn has ended. */
  prompt(prompt: Prompt): Promise<void> {
    return this.#course.prompt(prompt);
  }

  /** Ends the running turn, also one that waits to be tried again. */
  interrupt(): Promise<void> {
    return this.#course.interrupt();
  }

  answer(...[approvalId, ...answer]: Parameters<AgentAdapter['answer']>): boolean {
    const isDelivered = this.#adapter?.answer(approvalId, ...answer) ?? false;
    if (isDelivered) this.watch.answered(approvalId);
    return isDelivered;
  }

  denyOpen(reason: string): void {
    for (const approvalId of this.watch.openApprovals) {
      this.answer(approvalId, 'deny', reason);
      this.emit({ type: 'permissionWithdrawn', approvalId, reason });
    }
  }

  /** Whether the program's own record of this session holds that text; null where that cannot be known. */
  async remembers(text: string): Promise<boolean | null> {
    return (await this.#adapter?.remembers?.(text)) ?? null;
  }

  emit(event: AgentEvent): void {
    this.watch.observe(event);
    const told = event.type === 'turnEnded' && event.failure ? { ...event, failure: endedFailure(event.failure) } : event;
    this.#deps.emit(this.sessionId, told);
  }

  /** Ends the program; afterwards no turn is open. */
  async stop(): Promise<void> {
    this.#course.programGone('interrupted');
    await this.#adapter?.stop();
    this.#adapter = undefined;
    this.#opened = null;
    this.#endTurn({ reason: 'interrupted', failure: null });
  }

  /** It could not be brought up again after its program ended. */
  restartFailed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    this.#decide({ runtimeMs: 0, because: becauseOfFailure(error) }, detail);
  }

  #running(): AgentAdapter {
    if (this.#adapter) return this.#adapter;
    throw new AgorError('agentFailed', "The agent's program does not run any more; the next prompt starts it again.");
  }

  /** What an adapter says after its program was given up is of a time that is over. */
  #newAdapter(): AgentAdapter {
    const context = {
      emit: (event: AgentEvent) => {
        if (this.#adapter === adapter) this.#course.heard(event, { retriesItself: this.#opened?.capabilities.retryEvents ?? false });
        else this.#deps.log('an event came after its program had ended', { type: event.type });
      },
      onExit: (detail: string, exit: ProgramExit) => {
        if (this.#adapter === adapter) this.#programEnded(detail, exit);
      },
    };
    this.#startedWith = this.#secrets;
    const adapter = this.#deps.createAdapter(context, this.#secrets);
    this.#adapter = adapter;
    return adapter;
  }

  #programEnded(detail: string, exit: ProgramExit): void {
    const runtimeMs = this.#opened ? this.#deps.clock.elapsed() - this.#openedAt : 0;
    this.#adapter = undefined;
    this.#opened = null;
    this.#course.programGone('failed');
    this.#endTurn({ reason: 'crashed', failure: { type: 'unknown', message: detail, retryable: false } });
    this.#decide({ runtimeMs, because: becauseOfExit(exit, this.watch.lastEnd) }, detail);
  }

  #decide(end: ProgramEnd, detail: string): void {
    const step = this.#deps.decide(end);
    this.emit({ type: 'programEnded', ...step, detail });
    this.#deps.onProgramEnded(detail, step);
  }

  #endTurn(end: Pick<Extract<AgentEvent, { type: 'turnEnded' }>, 'reason' | 'failure'>): void {
    const { turnId } = this.watch;
    if (turnId !== null) this.#course.heard({ type: 'turnEnded', turnId, ...end }, { retriesItself: true });
  }
}
