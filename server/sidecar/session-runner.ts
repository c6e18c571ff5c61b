/**
 * Does what the backend asks of the agent: one session at a time, each prompt once, the program started again when a
 * prompt finds it gone. What cannot be done becomes a turn that says so, because the prompt has been taken.
 */
import { forgetOldest } from '../base/forget-oldest.ts';
import { newId } from '../base/uuid.ts';
import { within } from '../base/within.ts';
import { AgorError } from '../protocol/errors.ts';
import type { MessageId, PromptId, SessionId, TurnId } from '../protocol/ids.ts';
import type { ProgramChange, SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';
import type { OpenedSession, Prompt } from './adapter.ts';
import { failureFrom } from './failure-from.ts';
import { OpenSession, type OpenSessionDeps, type SessionWish } from './open-session.ts';
import type { ProgramStep } from './program-ends.ts';
import { ProgramKeeper } from './program-keeper.ts';

type RunnerDeps = Omit<OpenSessionDeps, 'decide' | 'onProgramEnded'> & {
  /** Puts everything emitted so far on disk; throws `storage` when the disk does not take it. */
  readonly keepNow: () => void;
  readonly mail: RunnerMail;
  readonly onProgramChanged: (change: ProgramChange) => void;
  /** The program ended by itself, and this is done about it. */
  readonly onStep: (detail: string, step: ProgramStep) => void;
};

/** Which messages a prompt carries, or has beside it; see the mail room. */
export type RunnerMail = {
  readonly take: (sessionId: SessionId, prompt: Pick<SidecarParams<'run/prompt'>, 'promptId' | 'mail'>) => Promise<MessageId[]>;
  readonly putBack: (promptId: PromptId) => void;
  readonly besides: (sessionId: SessionId) => string | undefined;
};

type StopOptions = {
  /** What the agent is told of the questions that nobody answered. */
  readonly denial: string;
  /** How long the turn may take to end before its program is. */
  readonly turnGraceMs?: number;
};

const defaultTurnGraceMs = 3_000;
const rememberedPrompts = 1_000;

export class SessionRunner {
  readonly #deps: RunnerDeps;
  readonly #keeper: ProgramKeeper;
  /** With the messages that kept a prompt from being given, because the session has them. */
  readonly #prompts = new Map<PromptId, Promise<MessageId[]>>();
  /** Taken from the backend and not yet given to the agent; true once the person wants it stopped. */
  readonly #waiting = new Map<PromptId, boolean>();
  #session: OpenSession | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #isStopping = false;
  #secrets: SessionWish['secrets'] = {};

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#keeper = new ProgramKeeper({ clock: deps.clock, restart: () => void this.#restart() });
  }

  get session(): OpenSession | undefined {
    return this.#session;
  }

  /** Those of the last time that any came. */
  get secrets(): SessionWish['secrets'] {
    return this.#secrets;
  }

  /** For the next start of the program, and for whoever asks for one meanwhile. */
  useSecrets(secrets: SessionWish['secrets']): void {
    this.#secrets = secrets;
    this.#session?.useSecrets(secrets);
  }

  /** Starts the program again as soon as no turn runs, if that is needed by then. Rejects when it does not come up. */
  async refresh(isNeeded: () => boolean): Promise<void> {
    const session = this.#session;
    for (let isOver = !session; session && !isOver; ) {
      await session.watch.ended();
      isOver = await this.#inTurn(() => this.#refreshIdle(session, isNeeded));
    }
  }

  open(wish: SessionWish): Promise<SidecarResult<'run/open'>> {
    return this.#inTurn(async () => {
      const session = this.#session?.sessionId === wish.sessionId ? this.#session : await this.#exchange(wish);
      // A backend that took over has none to give: those of the last time stay.
      if (Object.keys(wish.secrets).length > 0) this.#secrets = wish.secrets;
      session.useSecrets(this.#secrets);
      const { capabilities, programPid, programVersion } = await session.open();
      return { capabilities, programPid, programVersion };
    });
  }

  /** Given twice, the same prompt runs once; resolves when that it was begun is on disk. */
  async prompt(prompt: SidecarParams<'run/prompt'>): Promise<SidecarResult<'run/prompt'>> {
    const session = this.#session;
    if (!session) throw new AgorError('conflict', 'No session is open in the sidecar; open one before the prompt.');
    const given = await this.#once(prompt.promptId, () => this.#give(session, prompt));
    this.#deps.keepNow();
    return given.length > 0 ? { given } : {};
  }

  /** Also stops the prompts that wait for the program to come up: to the person they are what the agent works on. */
  async interrupt(): Promise<void> {
    const session = this.#session;
    for (const promptId of this.#waiting.keys()) this.#waiting.set(promptId, true);
    if (session && session.watch.turnId === null) this.#endStopped(session);
    await session?.interrupt();
  }

  answer({ approvalId, decision, message, values }: SidecarParams<'run/answer'>): SidecarResult<'run/answer'> {
    return { delivered: this.#session?.answer(approvalId, decision, message, values) ?? false };
  }

  /** Denies what is still asked, ends the turn and the program. Always resolves; nothing is taken afterwards. */
  async stop({ denial, turnGraceMs = defaultTurnGraceMs }: StopOptions): Promise<void> {
    this.#isStopping = true;
    this.#keeper.callOff();
    const session = this.#session;
    if (!session) return;
    session.denyOpen(denial);
    try {
      await within(this.#endTurn(session), turnGraceMs);
    } catch (error) {
      this.#deps.log('the turn could not be interrupted', { why: String(error) });
    }
    await session.stop();
  }

  async #exchange(wish: SessionWish): Promise<OpenSession> {
    this.#keeper.callOff();
    await this.#session?.stop();
    const decide = this.#keeper.ended.bind(this.#keeper);
    const onProgramEnded = (detail: string, step: ProgramStep) => this.#programEnded(detail, step);
    this.#session = new OpenSession({ ...this.#deps, decide, onProgramEnded }, wish);
    return this.#session;
  }

  #programEnded(detail: string, step: ProgramStep): void {
    this.#deps.onStep(detail, step);
    this.#deps.onProgramChanged({ programPid: null, programVersion: null, detail, decision: step.decision });
  }

  /** Of itself, when the program has crashed; a prompt that came meanwhile has done it already. */
  async #restart(): Promise<void> {
    const session = this.#session;
    if (!session || this.#isStopping) return;
    try {
      await this.#inTurn(async () => {
        if (this.#session === session) await this.#reopen(session);
      });
    } catch (error) {
      if (this.#session === session && !this.#isStopping) session.restartFailed(error);
    }
  }

  /** A prompt that was refused may be given again; one that was taken may not. */
  async #once(promptId: PromptId, give: () => Promise<MessageId[]>): Promise<MessageId[]> {
    const known = this.#prompts.get(promptId);
    if (known) return known;
    this.#waiting.set(promptId, false);
    const given = this.#inTurn(give).finally(() => this.#waiting.delete(promptId));
    this.#prompts.set(promptId, given);
    forgetOldest(this.#prompts, rememberedPrompts);
    try {
      return await given;
    } catch (error) {
      this.#prompts.delete(promptId);
      throw error;
    }
  }

  async #give(session: OpenSession, prompt: SidecarParams<'run/prompt'>): Promise<MessageId[]> {
    if (session.watch.hasStarted(prompt.promptId)) return [];
    try {
      await this.#reopen(session);
      await session.prepareTurn();
      if (await this.#wasStopped(session, prompt.promptId)) return [];
      const given = await this.#deps.mail.take(session.sessionId, prompt);
      this.#waiting.delete(prompt.promptId);
      if (given.length === 0) await this.#hand(session, prompt);
      return given;
    } catch (error) {
      this.#deps.mail.putBack(prompt.promptId);
      this.#deps.log('the agent did not take a prompt', { promptId: prompt.promptId, why: String(error) });
      if (this.#isStopping) throw error;
      this.#fail(session, prompt.promptId, error);
      return [];
    }
  }

  /** Into the turn that runs, where the program takes that; on disk beforehand, so that nobody gives it once more. */
  async #hand(session: OpenSession, prompt: SidecarParams<'run/prompt'>): Promise<void> {
    const { turnId } = session.watch;
    const given = this.#withContext(session, prompt);
    if (!prompt.intoTurn || turnId === null || !session.opened?.capabilities.steer) return session.prompt(given);
    session.emit({ type: 'promptJoined', turnId, promptIds: [prompt.promptId] });
    this.#deps.keepNow();
    try {
      await session.prompt({ ...given, joins: turnId });
    } catch (error) {
      if (!(error instanceof AgorError && error.code === 'conflict')) throw error;
      session.watch.notTaken(prompt.promptId);
      void this.#giveNext(session, prompt);
    }
  }

  /** What a turn did not take in becomes the next one; nobody else knows that it waits. */
  async #giveNext(session: OpenSession, prompt: SidecarParams<'run/prompt'>): Promise<void> {
    // Whoever gave it is answered first.
    await this.#prompts.get(prompt.promptId);
    this.#waiting.set(prompt.promptId, false);
    for (let isGiven = false; !isGiven && this.#session === session && !this.#isStopping; ) {
      await session.watch.ended();
      const give = this.#inTurn(() => this.#give(session, prompt));
      isGiven = await give.then(
        () => true,
        () => false,
      );
    }
    this.#waiting.delete(prompt.promptId);
  }

  /**
   * What else waits for the agent goes beside a prompt that is not about mail itself, and begins a turn at once: where
   * another runs, the signs of that turn would be taken for signs that the program has it.
   */
  #withContext(session: OpenSession, { promptId, text, context, mail }: SidecarParams<'run/prompt'>): Prompt {
    const isAlone = mail === undefined && session.watch.turnId === null;
    const besides = isAlone ? this.#deps.mail.besides(session.sessionId) : undefined;
    const parts = [context, besides].filter((part) => part !== undefined);
    return { promptId, text, ...(parts.length > 0 ? { context: parts.join('\n\n') } : {}) };
  }

  /** Whether the prompt was stopped before it began; its turn has then ended as interrupted. */
  async #wasStopped(session: OpenSession, promptId: PromptId): Promise<boolean> {
    if (session.watch.hasStarted(promptId)) return true;
    if (!this.#waiting.get(promptId)) return false;
    // The turn before it was told to stop as well, and has the first word.
    if (!(await within(session.watch.ended(), defaultTurnGraceMs)))
      throw new AgorError('conflict', 'The turn before this prompt does not end; stop the agent to end it.');
    this.#endStopped(session);
    return true;
  }

  #endStopped(session: OpenSession): void {
    for (const [promptId, isStopped] of this.#waiting) {
      if (!isStopped || session.watch.hasStarted(promptId)) continue;
      const turnId = newId<TurnId>();
      session.emit({ type: 'turnStarted', turnId, promptIds: [promptId] });
      session.emit({ type: 'turnEnded', turnId, reason: 'interrupted', failure: null });
    }
  }

  async #reopen(session: OpenSession): Promise<void> {
    if (session.opened) return;
    const { programPid, programVersion }: OpenedSession = await session.open();
    this.#deps.onProgramChanged({ programPid, programVersion, detail: 'The program was started again.' });
  }

  /** False while a turn runs. */
  async #refreshIdle(session: OpenSession, isNeeded: () => boolean): Promise<boolean> {
    if (this.#session !== session || !session.opened || !isNeeded()) return true;
    if (session.watch.turnId !== null) return false;
    await session.rest();
    await this.#reopen(session);
    return true;
  }

  #fail(session: OpenSession, promptId: PromptId, error: unknown): void {
    const { watch } = session;
    const isBegun = watch.hasStarted(promptId);
    // The adapter ended the turn itself.
    if (isBegun && watch.turnId === null) return;
    // Another turn runs and goes on: this prompt was not taken, and may come again.
    if (!isBegun && watch.turnId !== null) throw error;
    const turnId = watch.turnId ?? newId<TurnId>();
    if (!isBegun) session.emit({ type: 'turnStarted', turnId, promptIds: [promptId] });
    session.emit({ type: 'turnEnded', turnId, reason: 'failed', failure: failureFrom(error) });
  }

  async #endTurn(session: OpenSession): Promise<void> {
    if (session.watch.turnId === null) return;
    await session.interrupt();
    await session.watch.ended();
  }

  /** Opening and prompting happen one after the other; stopping, interrupting and answering do not wait for them. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (this.#isStopping) throw new AgorError('unavailable', 'The agent is being stopped; start it again to go on.');
      return work();
    });
    // Its failure is told to whoever asked for it, and does not hold up what comes next.
    this.#queue = result.catch(() => {});
    return result;
  }
}
