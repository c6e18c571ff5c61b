/**
 * Starts sidecars, takes over those that an earlier backend left, and notices when one is gone. Sidecars are detached:
 * they outlive this process and come back to the next one by themselves.
 */
import { statSync } from 'node:fs';
import { sameToken } from '../auth/token.ts';
import { Emitter } from '../base/emitter.ts';
import { isSameProcess, processIdentity } from '../base/process-identity.ts';
import { removeSidecarSockets } from '../base/sidecar-sockets.ts';
import { within } from '../base/within.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { AgentId, RunId } from '../protocol/ids.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { lastError } from './last-error.ts';
import { agentFolders, makeAgentFolders, RunFiles, saidLast } from './run-files.ts';
import { requireSameBuild } from './same-build.ts';
import type { SidecarLink } from './sidecar-link.ts';
import { endProgram, exitText, killSidecar, spawnSidecar } from './supervisor-process.ts';

export type SupervisorDeps = {
  readonly agentsDir: string;
  readonly runRecordsDir: string;
  /** The sidecar's program. */
  readonly sidecarProgram: string;
  /** Of this backend: what it starts itself is of the same one. */
  readonly build?: string;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type SupervisorOptions = {
  /** How long a sidecar may take to greet, after its start or after its channel broke, before it is given up. */
  readonly greetTimeoutMs?: number;
  /** A little more than a sidecar allows itself for an ending in order. */
  readonly stopTimeoutMs?: number;
  /** How long one that is to be stopped may take to come back, so that it can be asked rather than killed. */
  readonly returnTimeoutMs?: number;
  /** How long one that lives may go without a channel; then it has hung, and is ended. */
  readonly hangTimeoutMs?: number;
};

/** One run of a sidecar. `link` is absent while it connects, or after its channel broke. */
export type Run = {
  record: RunRecord;
  hello: SidecarHello | undefined;
  link: SidecarLink | undefined;
  isStopping: boolean;
  /** Why we end it, where that says more than how its process ended. */
  because: string | undefined;
  /** An earlier backend started it. */
  readonly isAdopted: boolean;
  /** How long the file of its error output was when this run began, or was taken over. */
  readonly outputFrom: number;
  /** Resolves when the sidecar's process is gone. */
  readonly ended: Promise<void>;
  readonly end: (how: RunEnd) => void;
};

/** `isCrash`: not in order, as far as anyone saw. */
type RunEnd = { readonly detail: string; readonly isCrash: boolean };

export type RunGone = {
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly wasStopped: boolean;
  readonly detail: string;
  /** What a sidecar that crashed said last, and how it ended; null when it was asked to, ended in order, or nobody saw it. */
  readonly crash: string | null;
};

const livenessPollMs = 100;

export class Supervisor {
  readonly attached = new Emitter<Run>();
  readonly gone = new Emitter<RunGone>();
  readonly #deps: SupervisorDeps;
  readonly #options: Required<SupervisorOptions>;
  readonly #files: RunFiles;
  readonly #runs = new Map<AgentId, Run>();
  #isClosed = false;

  constructor(deps: SupervisorDeps, options: SupervisorOptions = {}) {
    this.#deps = deps;
    this.#options = { greetTimeoutMs: 15_000, stopTimeoutMs: 12_000, returnTimeoutMs: 3_000, hangTimeoutMs: 30_000, ...options };
    this.#files = new RunFiles(deps.runRecordsDir);
  }

  run(agentId: AgentId): Run | undefined {
    return this.#runs.get(agentId);
  }

  runs(): Run[] {
    return [...this.#runs.values()];
  }

  /** Of the agent's run, with what its sidecar has written into it by now. */
  record(agentId: AgentId): RunRecord | undefined {
    const run = this.#runs.get(agentId);
    if (run) this.#refresh(run);
    return run?.record;
  }

  /** Resolves when the sidecar has greeted this backend. There is never a second one of the same agent. */
  async start(record: RunRecord): Promise<Run> {
    if (this.#isClosed) throw new AgorError('unavailable', 'The backend is ending. Try again in a moment.');
    if (this.#runs.has(record.agentId)) throw new AgorError('conflict', 'A sidecar of this agent runs already.');
    makeAgentFolders(agentFolders(this.#deps.agentsDir, record.agentId));
    this.#files.write(record);
    const run = this.#track(record, { isAdopted: false });
    this.#launch(run);
    if (await this.#greeted(run)) return run;
    const { log } = agentFolders(this.#deps.agentsDir, record.agentId);
    throw new AgorError('agentFailed', `The agent's sidecar did not come up. Its log is ${log}.`);
  }

  /**
   * The agent's run once its channel is open: waits for one that comes up, comes back or is being stopped. Undefined
   * when none is left; one that lives and does not come back in time is ended.
   */
  async reach(agentId: AgentId): Promise<Run | undefined> {
    const run = this.#runs.get(agentId);
    if (!run) return undefined;
    if (run.isStopping) await run.ended;
    return (await this.#greeted(run)) ? run : undefined;
  }

  /** Ends the agent's program and its sidecar, by force if asking does not help. */
  async stop(agentId: AgentId, because?: string): Promise<void> {
    const run = this.#runs.get(agentId);
    if (!run) return;
    run.isStopping = true;
    run.because ??= because;
    if (!run.link) await within(this.#attachedOrEnded(run), this.#options.returnTimeoutMs);
    run.link?.request('run/stop', {}).catch(() => {
      // The channel closes when the sidecar ends, often before its answer; what follows waits for the end itself.
    });
    if (!run.link || !(await within(run.ended, this.#options.stopTimeoutMs))) this.#kill(run);
    await run.ended;
  }

  /** Throws `unauthorized` when no run of ours has that id and token, `outdated` when we started a stale one. */
  check(hello: SidecarHello): Run {
    const run = this.#runs.get(hello.agentId);
    if (!run || run.record.runId !== hello.runId || !sameToken(hello.token, run.record.token))
      throw new AgorError('unauthorized', 'This backend knows no such run.');
    requireSameBuild(run, hello, this.#deps.build);
    return run;
  }

  /** The sidecar greeted and its channel is open. */
  accept(hello: SidecarHello, link: SidecarLink): void {
    const run = this.check(hello);
    run.link?.close();
    run.link = link;
    run.hello = hello;
    this.#refresh(run);
    void link.closed.then(() => this.#lostLink(run, link));
    this.attached.emit(run);
  }

  /** Takes over what an earlier backend left. Those that still run greet by themselves; the others are told as gone. */
  adopt(): void {
    for (const record of this.#files.all()) {
      const run = this.#track(record, { isAdopted: true });
      if (this.#mayRun(record)) this.#awaitReturn(run);
      else run.end({ detail: 'it had ended before this backend started', isCrash: false });
    }
  }

  /** Lets go of the sidecars; they go on and wait for the next backend. */
  close(): void {
    this.#isClosed = true;
    for (const run of this.#runs.values()) run.link?.close();
  }

  #track(record: RunRecord, { isAdopted }: Pick<Run, 'isAdopted'>): Run {
    let end: Run['end'] = () => {};
    const ended = new Promise<void>((resolve) => {
      end = (how) => {
        try {
          this.#finish(run, how);
        } finally {
          resolve();
        }
      };
    });
    const folders = agentFolders(this.#deps.agentsDir, record.agentId);
    const outputFrom = statSync(folders.errorOutput, { throwIfNoEntry: false })?.size ?? 0;
    const nothingYet = { hello: undefined, link: undefined, isStopping: false, because: undefined };
    const run: Run = { record, ...nothingYet, isAdopted, outputFrom, ended, end };
    this.#runs.set(record.agentId, run);
    return run;
  }

  #launch(run: Run): void {
    try {
      const { agentId } = run.record;
      const folders = agentFolders(this.#deps.agentsDir, agentId);
      const child = spawnSidecar(this.#deps.sidecarProgram, this.#files.path(agentId), folders);
      // Known before the sidecar has written it: one that hangs while it starts can be ended too.
      if (child.pid !== undefined) run.record = { ...run.record, sidecar: processIdentity(child.pid) };
      child.once('error', (error) => run.end({ detail: `it could not be started: ${error.message}`, isCrash: true }));
      child.once('exit', (code, signal) => run.end({ detail: exitText(code, signal), isCrash: code !== 0 }));
    } catch (error) {
      run.end({ detail: 'it could not be started', isCrash: false });
      throw error;
    }
  }

  /** Whether its channel is open; a sidecar that does not greet in time is ended first. */
  async #greeted(run: Run): Promise<boolean> {
    if (run.link || this.#isClosed) return run.link !== undefined;
    if (!(await within(this.#attachedOrEnded(run), this.#options.greetTimeoutMs))) {
      this.#giveUp(run, this.#options.greetTimeoutMs);
      await run.ended;
    }
    return run.link !== undefined;
  }

  #attachedOrEnded(run: Run): Promise<void> {
    return new Promise((resolve) => {
      const stopListening = this.attached.on((other) => other === run && done());
      const done = () => {
        stopListening();
        resolve();
      };
      void run.ended.then(done);
    });
  }

  #lostLink(run: Run, link: SidecarLink): void {
    if (run.link !== link) return;
    run.link = undefined;
    this.#awaitReturn(run);
  }

  /** It comes back by itself, or it is gone, or it has hung. */
  #awaitReturn(run: Run): void {
    void this.#watch(run);
    const timer = setTimeout(() => this.#giveUp(run, this.#options.hangTimeoutMs), this.#options.hangTimeoutMs).unref();
    void this.#attachedOrEnded(run).then(() => clearTimeout(timer));
  }

  #giveUp(run: Run, waitedMs: number): void {
    if (this.#isClosed || run.link || this.#runs.get(run.record.agentId) !== run) return;
    run.because ??= `it did not answer for ${Math.ceil(waitedMs / 1000)} s and was ended`;
    this.#kill(run);
  }

  /** A taken-over sidecar is not our child: while it has no channel, only looking tells whether it lives. */
  async #watch(run: Run): Promise<void> {
    while (run.isAdopted && this.#runs.get(run.record.agentId) === run && !run.link && !this.#isClosed) {
      this.#refresh(run);
      // How it ended only its parent could know; one that was seen alive, and that nobody asked to end, has crashed.
      if (!this.#mayRun(run.record)) return run.end({ detail: 'it ended', isCrash: run.record.sidecar !== null });
      await new Promise((resolve) => setTimeout(resolve, livenessPollMs).unref());
    }
  }

  #kill(run: Run): void {
    this.#refresh(run);
    const { sidecar } = run.record;
    // One that never said who it is may be looked for no longer: its record goes, and without it it ends by itself.
    if (!sidecar) return run.end({ detail: 'it did not come up', isCrash: false });
    killSidecar(sidecar);
    run.link?.close();
    void this.#watch(run);
  }

  /** A sidecar that an earlier backend had just started has not written its pid yet. */
  #mayRun({ sidecar, createdAt }: RunRecord): boolean {
    return sidecar === null ? Date.now() - createdAt < this.#options.greetTimeoutMs : isSameProcess(sidecar);
  }

  /** What the sidecar has written meanwhile; until it has, what was known when it was started stays. */
  #refresh(run: Run): void {
    const written = this.#files.read(run.record.agentId);
    if (written?.runId === run.record.runId) run.record = { ...written, sidecar: written.sidecar ?? run.record.sidecar };
  }

  /** The record goes last: should this process end in between, the next one finds it and does all this again. */
  #finish(run: Run, how: RunEnd): void {
    const { agentId, runId } = run.record;
    const detail = run.because ?? how.detail;
    // Once this backend lets go of its sidecars, what becomes of them is the next one's to find out.
    if (this.#isClosed || this.#runs.get(agentId) !== run) return;
    this.#refresh(run);
    this.#runs.delete(agentId);
    endProgram(run.record);
    removeSidecarSockets(run.record);
    run.link?.close();
    run.link = undefined;
    const wasStopped = run.isStopping;
    const folders = agentFolders(this.#deps.agentsDir, agentId);
    const crash = how.isCrash && !wasStopped ? lastError(saidLast(folders, run.outputFrom), runId, detail) : null;
    this.#deps.log('sidecar gone', { agentId, runId, detail, wasStopped, crash });
    this.gone.emit({ agentId, runId, wasStopped, detail, crash });
    this.#files.remove(agentId);
  }
}
