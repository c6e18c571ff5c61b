/**
 * Starts sidecars, takes over those that an earlier backend left, and notices when one is gone. Sidecars are detached:
 * they outlive this process and come back to the next one by themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { sameToken } from '../auth/token.ts';
import { Emitter } from '../base/emitter.ts';
import { isSameProcess } from '../base/process-identity.ts';
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

/** One run of a sidecar. `link` is absent while it connects, or after its channel broke. */
export type Run = {
  record: RunRecord;
  hello: SidecarHello | undefined;
  link: SidecarLink | undefined;
  isStopping: boolean;
  /** Resolves when the sidecar's process is gone. */
  readonly ended: Promise<void>;
  readonly end: (detail: string) => void;
};

export type RunGone = { readonly agentId: AgentId; readonly runId: RunId; readonly wasStopped: boolean; readonly detail: string };

const startTimeoutMs = 15_000;
const stopTimeoutMs = 12_000;
const livenessPollMs = 100;

export class Supervisor {
  readonly attached = new Emitter<Run>();
  readonly gone = new Emitter<RunGone>();
  readonly #deps: SupervisorDeps;
  readonly #files: RunFiles;
  readonly #runs = new Map<AgentId, Run>();
  #isClosed = false;

  constructor(deps: SupervisorDeps) {
    this.#deps = deps;
    this.#files = new RunFiles(deps.runRecordsDir);
  }

  run(agentId: AgentId): Run | undefined {
    return this.#runs.get(agentId);
  }

  runs(): Run[] {
    return [...this.#runs.values()];
  }

  /** Resolves when the sidecar has greeted this backend. */
  async start(record: RunRecord): Promise<Run> {
    makeAgentFolders(agentFolders(this.#deps.agentsDir, record.agentId));
    this.#files.write(record);
    const run = this.#track(record);
    const child = this.#spawn(record);
    child.once('error', (error) => run.end(`it could not be started: ${error.message}`));
    child.once('exit', (code, signal) => run.end(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    await this.#untilAttached(run);
    return run;
  }

  /** Ends the agent's program and its sidecar, by force if asking does not help. */
  async stop(agentId: AgentId): Promise<void> {
    const run = this.#runs.get(agentId);
    if (!run) return;
    run.isStopping = true;
    run.link?.request('run/stop', {}).catch(() => {
      // The channel closes when the sidecar ends, often before its answer; what follows waits for the end itself.
    });
    if (!run.link || !(await within(run.ended, stopTimeoutMs))) this.#kill(run);
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
    run.record = this.#files.read(hello.agentId) ?? run.record;
    void link.closed.then(() => this.#lostLink(run, link));
    this.attached.emit(run);
  }

  /** Takes over what an earlier backend left. Those that still run greet by themselves; the others are told as gone. */
  adopt(): void {
    for (const record of this.#files.all()) {
      const run = this.#track(record);
      if (isRunning(record)) void this.#watch(run);
      else run.end('it had ended before this backend started');
    }
  }

  /** Lets go of the sidecars; they go on and wait for the next backend. */
  close(): void {
    this.#isClosed = true;
    for (const run of this.#runs.values()) run.link?.close();
  }

  #track(record: RunRecord): Run {
    let end: (detail: string) => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = (detail) => {
        this.#finish(run, detail);
        resolve();
      };
    });
    const run: Run = { record, hello: undefined, link: undefined, isStopping: false, ended, end };
    this.#runs.set(record.agentId, run);
    return run;
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

  async #untilAttached(run: Run): Promise<void> {
    const attached = new Promise<void>((resolve) => {
      const off = this.attached.on((other) => {
        if (other === run) {
          off();
          resolve();
        }
      });
    });
    if (!(await within(Promise.race([attached, run.ended]), startTimeoutMs))) this.#kill(run);
    if (run.link) return;
    const { log } = agentFolders(this.#deps.agentsDir, run.record.agentId);
    throw new AgorError('agentFailed', `The agent's sidecar did not come up. Its log is ${log}.`);
  }

  #lostLink(run: Run, link: SidecarLink): void {
    if (run.link !== link) return;
    run.link = undefined;
    if (!this.#isClosed) void this.#watch(run);
  }

  /** A taken-over sidecar is not our child: while it has no channel, only looking tells whether it lives. */
  async #watch(run: Run): Promise<void> {
    while (this.#runs.get(run.record.agentId) === run && !run.link && !this.#isClosed) {
      run.record = this.#files.read(run.record.agentId) ?? run.record;
      if (!isRunning(run.record)) return run.end('it ended');
      await new Promise((resolve) => setTimeout(resolve, livenessPollMs).unref());
    }
  }

  #kill(run: Run): void {
    const { sidecar } = this.#files.read(run.record.agentId) ?? run.record;
    if (sidecar && isSameProcess(sidecar)) process.kill(sidecar.pid, 'SIGKILL');
    void this.#watch(run);
  }

  #finish(run: Run, detail: string): void {
    const { agentId, runId } = run.record;
    if (this.#runs.get(agentId) !== run) return;
    this.#runs.delete(agentId);
    endProgram(this.#files.read(agentId) ?? run.record);
    this.#files.remove(agentId);
    run.link?.close();
    this.#deps.log('sidecar gone', { agentId, runId, detail, wasStopped: run.isStopping });
    this.gone.emit({ agentId, runId, wasStopped: run.isStopping, detail });
  }
}

/** A sidecar that has not written its pid yet is given the benefit of the doubt by whoever started it, not here. */
function isRunning(record: RunRecord): boolean {
  return record.sidecar !== null && isSameProcess(record.sidecar);
}

/** A sidecar that was killed may leave its agent's program behind: nothing may go on unseen. */
function endProgram({ program }: RunRecord): void {
  if (!program || !isSameProcess(program)) return;
  try {
    process.kill(-program.pgid, 'SIGKILL');
  } catch {
    // It ended between the look and the signal.
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
