/** Brings an agent up: its sidecar, and the right session in its program. Nothing is left running of a start that failed. */
import type { Capabilities, Failure, Usage } from '../protocol/agent-event.ts';
import { AgorError, type ErrorCode } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { SidecarMethod, SidecarParams, SidecarResult } from '../protocol/sidecar-wire.ts';
import { AgentKeys, type KeysDeps } from './agent-keys.ts';
import type { Run } from './supervisor.ts';

/** What is known of a session, for opening it in the program. */
export type ProviderSession = { readonly providerSessionId: string | null; readonly model: string | null; readonly usage: Usage | null };

export type OpenerDeps = Omit<KeysDeps, 'renewInSidecar'> & {
  /** Starts the sidecar; throws when the project is not trusted or its folder is gone. */
  readonly startRun: () => Promise<unknown>;
  readonly stopRun: (because?: string) => Promise<void>;
  readonly run: () => Run | undefined;
  /** The run once its channel is open; undefined when none is left to wait for. */
  readonly reachRun: () => Promise<Run | undefined>;
  readonly providerSession: (id: SessionId) => ProviderSession;
  readonly failureOf: (error: unknown) => Failure;
};

/** The request was lost with its channel, but a new one is open. */
export class ChannelReplaced extends AgorError {}

export class SessionOpener {
  readonly #deps: OpenerDeps;
  readonly keys: AgentKeys;
  #isOpening = false;
  #isHeld = false;
  #isRetired = false;
  /** Counts how often it was stopped: an opening that began before is no longer wanted, even if another one is. */
  #stops = 0;
  #openSession: SessionId | undefined;
  #capabilities: Capabilities | null = null;
  #failure: string | undefined;

  constructor(deps: OpenerDeps) {
    this.#deps = deps;
    this.keys = new AgentKeys({ ...deps, renewInSidecar: (wish) => this.request('run/useSecrets', wish) });
  }

  get status() {
    const run = this.#deps.run();
    return {
      isStarting: this.#isOpening || (run !== undefined && !run.link && !run.isStopping),
      isUp: run?.link !== undefined,
      lackingCredentials: this.keys.lacking,
      failure: this.#failure,
      capabilities: this.#capabilities,
    };
  }

  /** Whether anything may be started: not after someone stopped the agent, until someone wants it again. */
  get isWanted(): boolean {
    return !this.#isHeld && !this.#isRetired;
  }

  want(): void {
    this.#isHeld = false;
  }

  /** Resolves when the sidecar runs and `sessionId` is open in the agent's program. */
  async open(sessionId: SessionId): Promise<void> {
    const stops = this.#stops;
    const { changes } = this.keys;
    this.#isOpening = true;
    this.#failure = undefined;
    this.#deps.onChange();
    try {
      await this.#bringUp(stops);
      if (this.#openSession !== sessionId || this.keys.hasNew) await this.#openInProgram(sessionId);
      this.keys.told(changes);
      await this.keys.restartProgram();
    } catch (error) {
      throw await this.#giveUp(error, stops);
    } finally {
      this.keys.forgetNamed();
      this.#isOpening = false;
      this.#deps.onChange();
    }
  }

  /** `because`: what is kept as the reason of the end, where it is not a person's wish. */
  async stop(because?: string): Promise<void> {
    this.#isHeld = true;
    this.#stops += 1;
    this.keys.stopped();
    await this.#deps.stopRun(because);
    this.#failure = undefined;
  }

  /** Ends what runs like `stop`; afterwards it is wanted again, unless somebody stopped it meanwhile. */
  async rest(because: string): Promise<void> {
    const stops = this.#stops + 1;
    await this.stop(because);
    if (this.#stops === stops) this.#isHeld = false;
  }

  /** The agent is being removed: `want` does not help any more. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.stop();
  }

  reinstate(): void {
    this.#isRetired = false;
  }

  /** The sidecar says which session is open in it. */
  onAttached(hello: SidecarHello | undefined): void {
    this.#openSession = hello?.sessionId ?? undefined;
    this.#capabilities = hello?.capabilities ?? this.#capabilities;
  }

  /** Sidecar or program are gone. */
  onClosed(): void {
    this.#openSession = undefined;
  }

  /** A turn began: what kept the agent from working is over. */
  onTurn(): void {
    this.#failure = undefined;
  }

  async request<M extends SidecarMethod>(method: M, params: SidecarParams<M>): Promise<SidecarResult<M>> {
    const link = this.#deps.run()?.link;
    if (!link) throw new AgorError('unavailable', 'The agent is not connected just now; it may come back by itself.');
    try {
      return await link.request(method, params);
    } catch (error) {
      const current = this.#deps.run()?.link;
      if (!isCode(error, 'unavailable') || !current || current === link) throw error;
      throw new ChannelReplaced('unavailable', 'The channel to the agent was lost; a new one is open.', { cause: error });
    }
  }

  async #bringUp(stops: number): Promise<void> {
    const run = await this.#deps.reachRun();
    if (!this.#isStillWanted(stops)) throw stoppedMeanwhile();
    if (run) this.keys.requireAccepted();
    if (!run || this.keys.hasNew) await this.keys.gather();
    if (!this.#isStillWanted(stops)) throw stoppedMeanwhile();
    if (!run) {
      this.keys.require();
      await this.#deps.startRun();
    }
    // A sidecar that runs has its secrets.
    this.keys.lacksNothing();
    if (!this.#isStillWanted(stops)) throw stoppedMeanwhile();
  }

  async #openInProgram(sessionId: SessionId): Promise<void> {
    const opened = await this.request('run/open', { sessionId, ...this.#deps.providerSession(sessionId), ...this.keys.wish() });
    this.#openSession = sessionId;
    this.#capabilities = opened.capabilities;
    const run = this.#deps.run();
    if (run?.hello) run.hello = { ...run.hello, programPid: opened.programPid, programVersion: opened.programVersion };
  }

  #isStillWanted(stops: number): boolean {
    return this.isWanted && stops === this.#stops;
  }

  /** Gives the error that says why; what is lost with its channel may come back, and is left alone. */
  async #giveUp(error: unknown, stops: number): Promise<unknown> {
    if (!this.#isStillWanted(stops)) return isCode(error, 'cancelled') ? error : stoppedMeanwhile();
    if (this.keys.lacking !== undefined || isCode(error, 'unavailable')) return error;
    this.#failure = this.#deps.failureOf(error).message;
    await this.#deps.stopRun();
    return error;
  }
}

export function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof AgorError && error.code === code;
}

function stoppedMeanwhile(): AgorError {
  return new AgorError('cancelled', 'The agent was stopped while it started.');
}
