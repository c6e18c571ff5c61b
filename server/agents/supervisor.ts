/**
 * Starts sidecars, takes over those that an earlier backend left, and notices when one is gone. Sidecars are detached:
 * they outlive this process and come back to the next one by themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { sameToken } from '../auth/token.ts';
import { Emitter } from '../base/emitter.ts';
import { isOfThisBoot, isSameProcess, processIdentity } from '../base/process-identity.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SidecarHello } from '../protocol/handshake.ts';
import type { AgentId, RunId } from '../protocol/ids.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { agentFolders, makeAgentFolders, RunFiles } from './run-files.ts';
import type { SidecarLink } from './sidecar-link.ts';

export type SupervisorDeps = {
  readonly agentsDir: string;
  readonly runRecordsDir: string;
  /** The sidecar's program. */
  readonly sidecarProgram: string;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type SupervisorOptions = {
  /** How long a sidecar may take to greet, after its start or after its channel broke, before it is given up. */
  readonly greetTimeoutMs?: number;
  /** A little more than a sidecar allows itself for an ending in order. */
  readonly stopTimeoutMs?: number;
  /** How long one that is to be stopped may take to come back, so that it can be asked rather than killed. */
  readonly returnTimeoutMs?: number;
};

/** One run of a sidecar. `link` is absent while it connects, or after its channel broke. */
export type Run = {
  record: RunRecord;
  hello: SidecarHello | undefined;
  link: SidecarLink | undefined;
  isStopping: boolean;
  /** An earlier backend started it. */
  readonly isAdopted: boolean;
  /** Resolves when the sidecar's process is gone. */
  readonly ended: Promise<void>;
  readonly end: (detail: string) => void;
};

export type RunGone = { readonly agentId: AgentId; readonly runId: RunId; readonly wasStopped: boolean; readonly detail: string };

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
    this.#options = { greetTimeoutMs: 15_000, stopTimeoutMs: 12_000, returnTimeoutMs: 3_000, ...options };
    this.#files = new RunFiles(deps.runRecordsDir);
  }

  run(agentId: AgentId): Run | undefined {
    return this.#runs.get(agentId);
  }

  runs(): Run[] {
    return [...this.#runs.values()];
  }

  /** Resolves when the sidecar has greeted this backend. There is never a second one of the same agent. */
  async start(record: RunRecord): Promise<Run> {
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
  async stop(agentId: AgentId): Promise<void> {
    const run = this.#runs.get(agentId);
    if (!run) return;
    run.isStopping = true;
    if (!run.link) await within(this.#attachedOrEnded(run), this.#options.returnTimeoutMs);
    run.link?.request('run/stop', {}).catch(() => {
      // The channel closes when the sidecar ends, often before its answer; what follows waits for the end itself.
    });
    if (!run.link || !(await within(run.ended, this.#options.stopTimeoutMs))) this.#kill(run);
    await run.ended;
  }

  /** Throws `unauthorized` when no run of ours has that id and token. */
  check(hello: SidecarHello): Run {
    const run = this.#runs.get(hello.agentId);
    if (run && run.record.runId === hello.runId && sameToken(hello.token, run.record.token)) return run;
    throw new AgorError('unauthorized', 'This backend knows no such run.');
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
      if (this.#mayRun(record)) void this.#watch(run);
      else run.end('it had ended before this backend started');
    }
  }

  /** Lets go of the sidecars; they go on and wait for the next backend. */
  close(): void {
    this.#isClosed = true;
    for (const run of this.#runs.values()) run.link?.close();
  }

  #track(record: RunRecord, { isAdopted }: Pick<Run, 'isAdopted'>): Run {
    let end: (detail: string) => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = (detail) => {
        try {
          this.#finish(run, detail);
        } finally {
          resolve();
        }
      };
    });
    const run: Run = { record, hello: undefined, link: undefined, isStopping: false, isAdopted, ended, end };
    this.#runs.set(record.agentId, run);
    return run;
  }

  #launch(run: Run): void {
    try {
      const child = this.#spawn(run.record);
      // Known before the sidecar has written it: one that hangs while it starts can be ended too.
      if (child.pid !== undefined) run.record = { ...run.record, sidecar: processIdentity(child.pid) };
      child.once('error', (error) => run.end(`it could not be started: ${error.message}`));
      child.once('exit', (code, signal) => run.end(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    } catch (error) {
      run.end('it could not be started');
      throw error;
    }
  }

  #spawn(record: RunRecord): ChildProcess {
    const { log, privateDir } = agentFolders(this.#deps.agentsDir, record.agentId);
    const output = openSync(log, 'a', 0o600);
    try {
      const args = [this.#deps.sidecarProgram, this.#files.path(record.agentId)];
      const child = spawn(process.execPath, args, {
        detached: true,
        stdio: ['ignore', output, output],
        cwd: privateDir,
        windowsHide: true,
      });
      child.unref();
      return child;
    } finally {
      closeSync(output);
    }
  }

  /** Whether its channel is open; a sidecar that does not greet in time is ended first. */
  async #greeted(run: Run): Promise<boolean> {
    if (run.link || this.#isClosed) return run.link !== undefined;
    if (!(await within(this.#attachedOrEnded(run), this.#options.greetTimeoutMs))) {
      this.#kill(run);
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
    void this.#watch(run);
  }

  /** A taken-over sidecar is not our child: while it has no channel, only looking tells whether it lives. */
  async #watch(run: Run): Promise<void> {
    while (run.isAdopted && this.#runs.get(run.record.agentId) === run && !run.link && !this.#isClosed) {
      this.#refresh(run);
      if (!this.#mayRun(run.record)) return run.end('it ended');
      await new Promise((resolve) => setTimeout(resolve, livenessPollMs).unref());
    }
  }

  #kill(run: Run): void {
    this.#refresh(run);
    const { sidecar } = run.record;
    if (sidecar && isSameProcess(sidecar)) signal(sidecar.pid);
    // One that never said who it is may be looked for no longer: its record goes, and without it it ends by itself.
    if (!sidecar) return run.end('it did not come up');
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
  #finish(run: Run, detail: string): void {
    const { agentId, runId } = run.record;
    // Once this backend lets go of its sidecars, what becomes of them is the next one's to find out.
    if (this.#isClosed || this.#runs.get(agentId) !== run) return;
    this.#refresh(run);
    this.#runs.delete(agentId);
    endProgram(run.record);
    run.link?.close();
    run.link = undefined;
    this.#deps.log('sidecar gone', { agentId, runId, detail, wasStopped: run.isStopping });
    this.gone.emit({ agentId, runId, wasStopped: run.isStopping, detail });
    this.#files.remove(agentId);
  }
}

/**
 * A sidecar that was killed may leave its agent's program behind, or what that started: nothing may go on unseen. The
 * group's number stays taken while it has members; only a leader that is another process means that it was given anew.
 */
function endProgram({ program }: RunRecord): void {
  if (!program || !isOfThisBoot(program)) return;
  if (processIdentity(program.pgid) === null || isSameProcess(program)) signal(-program.pgid);
}

function signal(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended between the look and the signal, or nothing of its group is left.
  }
}

async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([promise.then(() => true), timeout]);
  clearTimeout(timer);
  return settled;
}
