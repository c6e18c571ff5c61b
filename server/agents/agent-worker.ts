/**
 * Drives one agent: brings it up when there is something to do, and gives it one prompt at a time. What the agent says
 * comes back through the intake, not through here.
 */
import type { AgentEvent, Failure } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PromptId, SessionId, TurnId } from '../protocol/ids.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
import { ChannelReplaced, isCode, type OpenerDeps, type Secrets, SessionOpener } from './session-opener.ts';
import type { Run, RunGone } from './supervisor.ts';

export type WorkerDeps = OpenerDeps & {
  readonly nextPrompt: () => QueuedPrompt | undefined;
  readonly failPrompt: (prompt: QueuedPrompt, failure: Failure) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type RunningTurn = { readonly sessionId: SessionId; readonly turnId: TurnId };

export class AgentWorker {
  readonly #deps: WorkerDeps;
  readonly #opener: SessionOpener;
  /** Opening and prompting happen one after the other, or a prompt could land in another's session. */
  #queue: Promise<unknown> = Promise.resolve();
  #asked: Promise<void> | undefined;
  #isDelivering = false;
  /** Given to the agent, which has not begun it yet. */
  #inFlight: PromptId | undefined;
  /** Its channel broke while it was given: the sidecar comes back for it, or its end decides. */
  #interrupted: PromptId | undefined;
  #turn: RunningTurn | undefined;
  /** Why it no longer runs, when nobody asked it to end. */
  #offline: string | undefined;

  constructor(deps: WorkerDeps, turn: RunningTurn | undefined) {
    this.#deps = deps;
    this.#opener = new SessionOpener(deps);
    this.#turn = turn;
  }

  /** What the view needs of it. */
  get status() {
    return { ...this.#opener.status, hasTurn: this.#hasTurn, offline: this.#offline, turnSession: this.#turn?.sessionId };
  }

  /** Kept in memory until the sidecar has them, and for when it must be started again. */
  giveSecrets(secrets: Secrets): void {
    this.#opener.giveSecrets(secrets);
  }

  /**
   * Resolves when the sidecar runs and `sessionId` is open in the agent's program; a turn that runs keeps its own
   * session. Asked again meanwhile, it is the same start.
   */
  async start(sessionId: SessionId): Promise<void> {
    this.#opener.want();
    this.#asked ??= this.#inTurn(() => this.#openUnlessBusy(sessionId));
    const asked = this.#asked;
    try {
      await asked;
    } finally {
      if (this.#asked === asked) this.#asked = undefined;
    }
    this.deliver();
  }

  /** Nothing is started again until someone wants it. */
  async stop(): Promise<void> {
    this.#asked = undefined;
    await this.#opener.stop();
    this.#offline = undefined;
    this.#deps.onChange();
  }

  /** The agent is being removed: nothing is started any more. Resolves when nothing runs. */
  retire(): Promise<void> {
    return this.#opener.retire();
  }

  /** Removing it failed. */
  reinstate(): void {
    this.#opener.reinstate();
  }

  /** False when no turn runs. */
  async interrupt(): Promise<boolean> {
    if (!this.#hasTurn) return false;
    await this.#opener.request('run/interrupt', {});
    return true;
  }

  /** False when the agent no longer waits. */
  async answer(approval: Approval): Promise<boolean> {
    const decision = ({ allowedOnce: 'allowOnce', allowedForSession: 'allowSession' } as const)[String(approval.state)] ?? 'deny';
    const { delivered } = await this.#opener.request('run/answer', {
      approvalId: approval.id,
      decision,
      message: approval.message ?? null,
    });
    return delivered;
  }

  /** Someone wants the agent to work, even if it was stopped before. */
  wake(): void {
    this.#opener.want();
    this.deliver();
  }

  /** Gives the next waiting prompt to the agent, if it is free. Calling it once too often is harmless. */
  deliver(): void {
    if (this.#isDelivering || !this.#isFree()) return;
    const prompt = this.#nextPrompt();
    if (prompt) void this.#deliverOne(prompt);
  }

  /** A sidecar greeted: one that was just started, or one that came back. */
  onAttached(run: Run): void {
    this.#offline = undefined;
    this.#interrupted = undefined;
    this.#opener.onAttached(run.hello);
    this.#knowTurn(run.hello);
    if (this.#inFlight && run.hello?.promptId !== this.#inFlight) this.#inFlight = undefined;
    this.#deps.onChange();
    if (this.#deps.record().paused) this.interrupt().catch((err: unknown) => this.#deps.log('a paused turn goes on', { err }));
    this.deliver();
  }

  /** The sidecar is gone and all it left was taken in. After an end that nobody asked for, what waits goes on. */
  onGone(gone: RunGone): void {
    const lost = this.#inFlight ?? this.#interrupted;
    this.#opener.onClosed();
    this.#turn = undefined;
    this.#inFlight = undefined;
    this.#interrupted = undefined;
    this.#offline = gone.wasStopped ? undefined : `The sidecar is gone: ${gone.detail}`;
    if (lost) this.#fail(lost, new AgorError('agentFailed', this.#offline ?? 'The agent was stopped.'));
    this.#deps.onChange();
    // A start that failed with it is told to whoever asked for it, and decides itself about what waits.
    if (!gone.wasStopped && !this.#opener.status.isStarting) this.deliver();
  }

  /** The turn that was known to run has nobody left who could end it. */
  onTurnLost(): void {
    this.#turn = undefined;
    this.#deps.onChange();
  }

  onProgram(programPid: number | null, detail: string): void {
    this.#offline = programPid === null ? detail : undefined;
    if (programPid === null) this.#opener.onClosed();
    this.#deps.onChange();
  }

  onEvent(sessionId: SessionId, event: AgentEvent): void {
    if (event.type === 'turnStarted') {
      this.#turn = { sessionId, turnId: event.turnId };
      if (this.#inFlight && event.promptIds.includes(this.#inFlight)) this.#inFlight = undefined;
      this.#opener.onTurn();
    }
    if (event.type === 'turnEnded' && event.turnId === this.#turn?.turnId) this.#turn = undefined;
  }

  /** A turn that the sidecar runs counts before its beginning has been taken in: no prompt is given into it. */
  #knowTurn(hello: Run['hello']): void {
    if (hello?.turnId && hello.sessionId) this.#turn ??= { sessionId: hello.sessionId, turnId: hello.turnId };
  }

  get #hasTurn(): boolean {
    return this.#turn !== undefined || this.#inFlight !== undefined;
  }

  #isFree(): boolean {
    return this.#opener.isWanted && !this.#hasTurn && !this.#deps.record().paused;
  }

  /** Opening another session would end the turn that runs. */
  async #openUnlessBusy(sessionId: SessionId): Promise<void> {
    if (!this.#hasTurn || !(await this.#deps.reachRun())) await this.#open(sessionId);
  }

  async #open(sessionId: SessionId): Promise<void> {
    await this.#opener.open(sessionId);
    this.#offline = undefined;
  }

  /** Never rejects: a prompt that cannot be given is failed, or stays where it is. */
  async #deliverOne(prompt: QueuedPrompt): Promise<void> {
    this.#isDelivering = true;
    const mayGoOn = await this.#tryDelivery(prompt);
    this.#isDelivering = false;
    this.#deps.onChange();
    // Its turn may have ended before it was acknowledged; and each prompt that waits gets its own answer, even the same.
    if (mayGoOn) setImmediate(() => this.deliver());
  }

  async #tryDelivery(prompt: QueuedPrompt): Promise<boolean> {
    try {
      await this.#inTurn(() => this.#give(prompt));
      return true;
    } catch (error) {
      this.#deps.log('prompt not delivered', { promptId: prompt.id, err: error });
      return this.#settleRefusal(prompt.id, error);
    }
  }

  /** A queue that cannot be read now is looked at again when something else happens. */
  #nextPrompt(): QueuedPrompt | undefined {
    try {
      return this.#deps.nextPrompt();
    } catch (err) {
      this.#deps.log('the prompts that wait cannot be read', { err });
      return undefined;
    }
  }

  async #give(prompt: QueuedPrompt): Promise<void> {
    if (!this.#isDue(prompt)) return;
    await this.#open(prompt.sessionId);
    // Opening takes its time: the prompt may be taken back by now, or its turn have been told by a sidecar that came back.
    if (!this.#isDue(prompt)) return;
    this.#inFlight = prompt.id;
    await this.#opener.request('run/prompt', { promptId: prompt.id, text: prompt.text });
  }

  #isDue(prompt: QueuedPrompt): boolean {
    return this.#isFree() && this.#deps.nextPrompt()?.id === prompt.id;
  }

  /** Whether the next prompt may be tried. With its channel broken a prompt waits for the sidecar's return or end. */
  #settleRefusal(id: PromptId, error: unknown): boolean {
    if (error instanceof ChannelReplaced) return true;
    if (this.#opener.status.lacksCredentials && isCode(error, 'needsCredentials')) return false;
    if (isCode(error, 'unavailable') && this.#deps.run()) {
      this.#interrupted = id;
      return false;
    }
    if (this.#inFlight === id) this.#inFlight = undefined;
    // A turn that the agent began by itself came between: the prompt is given when that has ended.
    if (this.#turn) return false;
    return this.#fail(id, error);
  }

  /** The sidecar may have told of the failure as a turn of its own: then the prompt no longer waits. */
  #fail(id: PromptId, error: unknown): boolean {
    try {
      const prompt = this.#deps.nextPrompt();
      if (prompt?.id === id) this.#deps.failPrompt(prompt, this.#deps.failureOf(error));
      return true;
    } catch (err) {
      this.#deps.log('a prompt that failed still waits', { promptId: id, err });
      return false;
    }
  }

  /** Its failure is told to whoever asked for it, and does not hold up what comes next. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}
