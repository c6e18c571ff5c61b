/**
 * Drives one agent: brings it up when there is something to do, and gives it one prompt at a time. What the agent says
 * comes back through the intake, not through here.
 */
import { OneByOne } from '../base/one-by-one.ts';
import { SameCall } from '../base/same-call.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PromptId, SessionId } from '../protocol/ids.ts';
import type { ProgramChange } from '../protocol/sidecar-wire.ts';
import type { AgentKeys } from './agent-keys.ts';
import { isKeyRefused } from './credential-lack.ts';
import { CurrentWork } from './current-work.ts';
import { givenAnswer } from './given-answer.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
import { type Earlier, isSleep, type Offline, renewReason, sleepReason, stopReason } from './run-ends.ts';
import { ChannelReplaced, isCode, type OpenerDeps, SessionOpener } from './session-opener.ts';
import type { Run, RunGone } from './supervisor.ts';
import { WaitingPrompts, type WaitingPromptsDeps } from './waiting-prompts.ts';

export type WorkerDeps = OpenerDeps &
  WaitingPromptsDeps & {
    /** Takes a place among the turns that may run at once. Without one it is told, by `deliver`, when there is. */
    readonly takeTurn: () => boolean;
    /** Its sidecar crashed: it is started again after a wait, or by a person, and by nothing else. */
    readonly isHeldBack: () => boolean;
  };

export class AgentWorker {
  readonly #deps: WorkerDeps;
  readonly #opener: SessionOpener;
  readonly #waiting: WaitingPrompts;
  /** Opening and prompting happen one after the other, or a prompt could land in another's session. */
  readonly #steps = new OneByOne();
  readonly #asked = new SameCall();
  #isDelivering = false;
  readonly #work: CurrentWork;
  /** Its channel broke while it was given: the sidecar comes back for it, or its end decides. */
  #interrupted: PromptId | undefined;
  /** Why it no longer runs, when nobody asked it to end, and what is done about it. */
  #offline: Offline | undefined;
  /** Ended because it had nothing to do. */
  #isAsleep: boolean;
  #takesMail: boolean;
  #isRenewing = false;
  #renewals = 0;

  constructor(deps: WorkerDeps, earlier: Earlier) {
    this.#deps = deps;
    this.#opener = new SessionOpener(deps);
    this.#waiting = new WaitingPrompts(deps, () => this.deliver());
    this.#work = new CurrentWork(earlier.turn);
    this.#isAsleep = earlier.isAsleep;
    this.#takesMail = earlier.takesMail;
  }

  /** What the view needs of it. */
  get status() {
    const turnSession = this.#work.turn?.sessionId;
    const own = { hasTurn: this.#work.isAny, offline: this.#offline, isAsleep: this.#isAsleep, takesMail: this.#takesMail, turnSession };
    return { ...this.#opener.status, ...own };
  }

  /** A turn runs or is about to: it has a place among those that may. */
  get isBusy(): boolean {
    return this.#isDelivering || this.#work.isAny;
  }

  /** There is a prompt that could be given at once, if there is a place for its turn. */
  get isReady(): boolean {
    return !this.#isDelivering && this.#isFree() && (this.#waiting.next() !== undefined || this.hasMail);
  }

  /** Mail is due, and may be given without a person: not to an agent that was never started, or that a person stopped. */
  get hasMail(): boolean {
    return this.#takesMail && this.#isFree() && this.#waiting.isMailDue();
  }

  /** Those of its secrets that are on their way. */
  get keys(): AgentKeys {
    return this.#opener.keys;
  }

  /**
   * Resolves when the sidecar runs and `sessionId` is open in the agent's program; a turn that runs keeps its own
   * session. Asked again meanwhile, it is the same start.
   */
  async start(sessionId: SessionId): Promise<void> {
    this.#opener.want();
    this.#offline = undefined;
    await this.#asked.do(() => this.#steps.do(() => this.#openUnlessBusy(sessionId)));
    this.deliver();
  }

  /** Nothing is started again until someone wants it. */
  async stop(): Promise<void> {
    this.#asked.forget();
    this.#takesMail = false;
    await this.#opener.stop(stopReason);
    this.#offline = undefined;
    this.#isAsleep = false;
    this.#deps.onChange();
  }

  /** What runs is ended, and nothing starts it but a person's prompt: the backend ends with its agents. */
  sleep(): Promise<void> {
    return this.#opener.stop(sleepReason);
  }

  /**
   * What runs is ended, whatever it does, and what waits goes on in a new start. A prompt that was on its way and had not
   * begun waits again: all that the sidecar left was taken in, so its program never had it.
   */
  async renew(because = renewReason): Promise<void> {
    this.#isRenewing = true;
    this.#renewals += 1;
    await this.#opener.rest(because).finally(() => {
      this.#isRenewing = false;
    });
    this.deliver();
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
    if (!this.#work.isAny) return false;
    await this.#opener.request('run/interrupt', {});
    return true;
  }

  /** False when the agent no longer waits. */
  async answer(approval: Approval): Promise<boolean> {
    return (await this.#opener.request('run/answer', givenAnswer(approval))).delivered;
  }

  /** Gives a prompt that waits into the turn that runs. False when none runs. */
  async steer(prompt: QueuedPrompt): Promise<boolean> {
    if (!this.#work.turn) return false;
    await this.#steps.do(() => this.#opener.request('run/prompt', { ...this.#waiting.paramsOf(prompt), intoTurn: true }));
    return true;
  }

  /** Someone wants the agent to work, even if it was stopped before. */
  wake(): void {
    this.#opener.want();
    this.deliver();
  }

  /** Gives the next waiting prompt to the agent, if it is free. Calling it once too often is harmless. */
  deliver(): void {
    if (this.#isDelivering || !this.#isFree()) return;
    const prompt = this.#waiting.next();
    if (!prompt && !this.hasMail) return;
    if (!this.#deps.takeTurn()) return;
    const next = prompt ?? this.#waiting.nextOfMail();
    if (next) void this.#deliverOne(next);
  }

  /** There may be something new for it. A sidecar that does not know of mail is not told. */
  mailArrived(): void {
    if (this.#deps.run()?.link) this.#opener.request('run/mailChanged', {}).catch(() => {});
    this.deliver();
  }

  /** A sidecar greeted: one that was just started, or one that came back. */
  onAttached(run: Run): void {
    this.#offline = undefined;
    this.#isAsleep = false;
    this.#takesMail = true;
    this.#interrupted = undefined;
    this.#opener.onAttached(run.hello);
    this.#work.learn(run.hello);
    this.#deps.onChange();
    if (this.#deps.record().paused || this.#deps.isHeld())
      this.interrupt().catch((err: unknown) => this.#deps.log('a paused turn goes on', { err }));
    this.deliver();
  }

  /**
   * The sidecar is gone and all it left was taken in. After an end that nobody asked for, what waits goes on; after a
   * crash that is once it was started again, and what was being given to it has failed: it may have begun.
   */
  onGone(gone: RunGone): void {
    const lost = this.#work.drop() ?? (gone.crash === null ? this.#interrupted : undefined);
    this.#opener.onClosed();
    this.#interrupted = undefined;
    const detail = `The sidecar is gone: ${gone.crash ?? gone.detail}`;
    this.#offline = gone.wasStopped ? undefined : { detail, decision: 'offline' };
    this.#isAsleep = gone.wasStopped && isSleep(gone.detail);
    if (lost && !this.#isRenewing)
      this.#waiting.fail(lost, new AgorError('agentFailed', this.#offline?.detail ?? 'The agent was stopped.'), 'crashed');
    this.#deps.onChange();
    // A start that failed with it is told to whoever asked for it, and decides itself about what waits.
    if (!gone.wasStopped && !this.#opener.status.isStarting) this.deliver();
  }

  /** The turn that was known to run has nobody left who could end it. */
  onTurnLost(): void {
    this.#work.drop();
    this.#deps.onChange();
  }

  onProgram({ programPid, detail, decision = 'offline' }: ProgramChange): void {
    this.#offline = programPid === null ? { detail, decision } : undefined;
    if (programPid === null) this.#opener.onClosed();
    this.#deps.onChange();
  }

  onEvent(sessionId: SessionId, event: AgentEvent): void {
    this.#work.heard(sessionId, event);
    if (event.type === 'turnStarted') this.#opener.onTurn();
    if (isKeyRefused(event, this.#deps.record())) void this.#keyRefused();
  }

  async #keyRefused(): Promise<void> {
    const isRefused = await this.keys.refused();
    this.#deps.onChange();
    if (!isRefused) this.deliver();
  }

  #isFree(): boolean {
    const isGivenUp = this.#offline?.decision === 'giveUp' || this.#deps.isHeldBack() || this.#deps.isHeld();
    return this.#opener.isWanted && !this.#work.isAny && !this.#deps.record().paused && !isGivenUp;
  }

  /** Opening another session would end the turn that runs. */
  async #openUnlessBusy(sessionId: SessionId): Promise<void> {
    if (!this.#work.isAny || !(await this.#deps.reachRun())) await this.#open(sessionId);
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
    const renewals = this.#renewals;
    try {
      await this.#steps.do(() => this.#give(prompt));
      return true;
    } catch (error) {
      this.#deps.log('prompt not delivered', { promptId: prompt.id, err: error });
      if (renewals === this.#renewals) return this.#settleRefusal(prompt.id, error);
      this.#work.takeBack(prompt.id);
      return true;
    }
  }

  async #give(prompt: QueuedPrompt): Promise<void> {
    if (!this.#isDue(prompt)) return;
    await this.#open(prompt.sessionId);
    // Opening takes its time: the prompt may be taken back by now, or its turn have been told by a sidecar that came back.
    if (!this.#isDue(prompt)) return;
    this.#work.give(prompt.id);
    const { given = [] } = await this.#opener.request('run/prompt', this.#waiting.paramsOf(prompt));
    if (given.length === 0) return;
    this.#work.takeBack(prompt.id);
    this.#waiting.takeBack(prompt);
  }

  #isDue(prompt: QueuedPrompt): boolean {
    return this.#isFree() && this.#waiting.isNext(prompt);
  }

  /** Whether the next prompt may be tried. With its channel broken a prompt waits for the sidecar's return or end. */
  #settleRefusal(id: PromptId, error: unknown): boolean {
    if (error instanceof ChannelReplaced) return true;
    if (this.#opener.status.lackingCredentials !== undefined && isCode(error, 'needsCredentials')) return false;
    if (isCode(error, 'unavailable') && this.#deps.run()) {
      this.#interrupted = id;
      return false;
    }
    this.#work.takeBack(id);
    if (this.#deps.isHeldBack()) return false;
    // A turn that the agent began by itself came between: the prompt is given when that has ended.
    if (this.#work.turn) return false;
    return this.#waiting.fail(id, error);
  }
}
