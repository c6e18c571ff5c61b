/**
 * Drives one agent: starts its sidecar when there is something to do, opens the right session, and gives it one prompt
 * at a time. What the agent says comes back through the intake, not through here.
 */
import type { AgentEvent, Capabilities, Failure, Usage } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PromptId, SessionId } from '../protocol/ids.ts';
import type { AgentRecord } from './agent-store.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
import type { SidecarLink } from './sidecar-link.ts';
import type { Run, RunGone } from './supervisor.ts';

export type Secrets = Readonly<Record<string, string>>;

/** What is known of a session, for opening it in the program. */
export type ProviderSession = { readonly providerSessionId: string | null; readonly model: string | null; readonly usage: Usage | null };

export type WorkerDeps = {
  readonly record: () => AgentRecord;
  /** Starts the sidecar; throws when the project is not trusted or its folder is gone. */
  readonly startRun: () => Promise<Run>;
  readonly stopRun: () => Promise<void>;
  readonly run: () => Run | undefined;
  readonly nextPrompt: () => QueuedPrompt | undefined;
  readonly providerSession: (id: SessionId) => ProviderSession;
  readonly failPrompt: (prompt: QueuedPrompt, failure: Failure) => void;
  readonly failureOf: (error: unknown) => Failure;
  readonly onChange: () => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export class AgentWorker {
  readonly #deps: WorkerDeps;
  #secrets: Secrets = {};
  #starting: Promise<void> | undefined;
  #openSession: SessionId | undefined;
  #inFlight: PromptId | undefined;
  #turnSession: SessionId | undefined;
  #isDelivering = false;
  #capabilities: Capabilities | null = null;
  #failure: string | undefined;
  #offline: string | undefined;
  #lacksCredentials = false;

  constructor(deps: WorkerDeps, turnSession: SessionId | undefined) {
    this.#deps = deps;
    this.#turnSession = turnSession;
  }

  /** What the view needs of it. */
  get status() {
    return {
      isStarting: this.#starting !== undefined,
      isUp: this.#deps.run()?.link !== undefined,
      hasTurn: this.#turnSession !== undefined || this.#inFlight !== undefined,
      lacksCredentials: this.#lacksCredentials,
      failure: this.#failure,
      offline: this.#offline,
      capabilities: this.#capabilities,
      turnSession: this.#turnSession,
    };
  }

  /** Kept in memory until the sidecar has them, and for when it must be started again. */
  giveSecrets(secrets: Secrets): void {
    if (Object.keys(secrets).length > 0) this.#secrets = secrets;
  }

  /** Resolves when the sidecar runs and `sessionId` is open in the agent's program. */
  async start(sessionId: SessionId): Promise<void> {
    await this.#ensureOpen(sessionId);
    this.deliver();
  }

  async stop(): Promise<void> {
    this.#failure = undefined;
    this.#lacksCredentials = false;
    await this.#deps.stopRun();
    this.#offline = undefined;
    this.#deps.onChange();
  }

  /** False when no turn runs. */
  async interrupt(): Promise<boolean> {
    if (!this.status.hasTurn) return false;
    await this.#link().request('run/interrupt', {});
    return true;
  }

  /** False when the agent no longer waits. */
  async answer(approval: Approval, message: string | null): Promise<boolean> {
    const decision = ({ allowedOnce: 'allowOnce', allowedForSession: 'allowSession' } as const)[String(approval.state)] ?? 'deny';
    const { delivered } = await this.#link().request('run/answer', { approvalId: approval.id, decision, message });
    return delivered;
  }

  /** Gives the next waiting prompt to the agent, if it is free. Calling it once too often is harmless. */
  deliver(): void {
    if (this.#isDelivering || this.status.hasTurn || this.#deps.record().paused) return;
    const prompt = this.#deps.nextPrompt();
    if (!prompt) return;
    this.#isDelivering = true;
    void this.#deliverOne(prompt).finally(() => {
      this.#isDelivering = false;
      this.#deps.onChange();
    });
  }

  /** A sidecar greeted: one that was just started, or one that came back. */
  onAttached(run: Run): void {
    this.#offline = undefined;
    this.#openSession = run.hello?.sessionId ?? undefined;
    this.#capabilities = run.hello?.capabilities ?? this.#capabilities;
    if (this.#inFlight && run.hello?.promptId !== this.#inFlight) this.#inFlight = undefined;
    this.#deps.onChange();
    if (!this.#starting) this.deliver();
  }

  /** The sidecar is gone and all it left was taken in. */
  onGone(gone: RunGone): void {
    const lost = this.#inFlight;
    this.#openSession = undefined;
    this.#turnSession = undefined;
    this.#inFlight = undefined;
    if (!gone.wasStopped) this.#offline = `The sidecar is gone: ${gone.detail}`;
    const prompt = lost && this.#deps.nextPrompt();
    if (prompt && prompt.id === lost)
      this.#deps.failPrompt(prompt, this.#deps.failureOf(new AgorError('agentFailed', this.#offline ?? 'The agent was stopped.')));
    this.#deps.onChange();
  }

  onProgram(programPid: number | null, detail: string): void {
    this.#offline = programPid === null ? detail : undefined;
    if (programPid === null) this.#openSession = undefined;
    this.#deps.onChange();
  }

  onEvent(sessionId: SessionId, event: AgentEvent): void {
    if (event.type === 'turnStarted') {
      this.#turnSession = sessionId;
      this.#inFlight = undefined;
      this.#failure = undefined;
    }
    if (event.type === 'turnEnded') this.#turnSession = undefined;
  }

  async #deliverOne(prompt: QueuedPrompt): Promise<void> {
    try {
      await this.#ensureOpen(prompt.sessionId);
      this.#inFlight = prompt.id;
      await this.#link().request('run/prompt', { promptId: prompt.id, text: prompt.text });
    } catch (error) {
      this.#onDeliveryError(prompt, error);
    }
  }

  /** A broken channel leaves the prompt where it is: the sidecar comes back, or its end decides. */
  #onDeliveryError(prompt: QueuedPrompt, error: unknown): void {
    this.#deps.log('prompt not delivered', { promptId: prompt.id, err: error });
    if (this.#lacksCredentials || (error instanceof AgorError && error.code === 'unavailable')) return;
    this.#inFlight = undefined;
    // The sidecar may have told of the failure as a turn of its own: then the prompt no longer waits.
    if (this.#deps.nextPrompt()?.id === prompt.id) this.#deps.failPrompt(prompt, this.#deps.failureOf(error));
    // Each prompt that waits gets its own answer, even if it is the same one.
    setImmediate(() => this.deliver());
  }

  async #ensureOpen(sessionId: SessionId): Promise<void> {
    this.#requireCredentials();
    if (!this.#deps.run()?.link) await this.#startOnce();
    if (this.#openSession === sessionId) return;
    try {
      const opened = await this.#link().request('run/open', {
        sessionId,
        ...this.#deps.providerSession(sessionId),
        secrets: { ...this.#secrets },
      });
      this.#openSession = sessionId;
      this.#capabilities = opened.capabilities;
      this.#failure = undefined;
      this.#updateProgram(opened);
    } catch (error) {
      await this.#giveUpStart(error);
    }
  }

  #requireCredentials(): void {
    const { credentials, name } = this.#deps.record();
    this.#lacksCredentials = credentials === 'environment' && Object.keys(this.#secrets).length === 0 && !this.#deps.run()?.link;
    if (!this.#lacksCredentials) return;
    this.#deps.onChange();
    throw new AgorError(
      'needsCredentials',
      `The agent "${name}" needs its key, which is kept in memory only. Run "agor agent start ${name}" where ANTHROPIC_API_KEY is set; its prompts wait.`,
    );
  }

  /** Who asks while it starts waits for the same start. */
  #startOnce(): Promise<void> {
    this.#failure = undefined;
    this.#starting ??= this.#deps
      .startRun()
      .then(
        () => undefined,
        (error: unknown) => this.#giveUpStart(error),
      )
      .finally(() => {
        this.#starting = undefined;
        this.#deps.onChange();
      });
    this.#deps.onChange();
    return this.#starting;
  }

  /** Nothing is left running of a start that failed. */
  async #giveUpStart(error: unknown): Promise<never> {
    if (!(error instanceof AgorError && error.code === 'unavailable')) {
      this.#failure = this.#deps.failureOf(error).message;
      await this.#deps.stopRun();
    }
    throw error;
  }

  #updateProgram(opened: { readonly programPid: number | null; readonly programVersion: string | null }): void {
    const run = this.#deps.run();
    if (run?.hello) run.hello = { ...run.hello, ...opened };
    this.#deps.onChange();
  }

  #link(): SidecarLink {
    const link = this.#deps.run()?.link;
    if (!link) throw new AgorError('unavailable', 'The agent is not connected just now; it may come back by itself.');
    return link;
  }
}
