/** A supervisor over real, idle processes in a folder of its own; a test speaks for them over channels that it holds. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SidecarLink } from '../../server/agents/sidecar-link.ts';
import { type Run, type RunGone, Supervisor, type SupervisorOptions } from '../../server/agents/supervisor.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { newId } from '../../server/base/uuid.ts';
import { type SidecarHello, sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { newRunRecord } from './worker-world.ts';

const sidecarProgram = join(import.meta.dirname, '../fixtures/sidecars/idle.mjs');
const impatient = { greetTimeoutMs: 300, stopTimeoutMs: 100, returnTimeoutMs: 100 };

export class SupervisorWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'agor-supervisor-'));
  readonly gone: RunGone[] = [];
  supervisor = this.create();
  readonly #children: ChildProcess[] = [];

  create(options: SupervisorOptions = {}): Supervisor {
    const places = { agentsDir: join(this.root, 'agents'), runRecordsDir: join(this.root, 'run') };
    this.supervisor = new Supervisor({ ...places, sidecarProgram, log: () => {} }, { ...impatient, ...options });
    this.supervisor.gone.on((end) => void this.gone.push(end));
    return this.supervisor;
  }

  /** Starts one that greets at once. */
  async started(wanted = newRecord()): Promise<{ run: Run; link: FakeLink }> {
    const link = new FakeLink();
    const starting = this.supervisor.start(wanted);
    this.supervisor.accept(helloOf(wanted), link);
    const run = await starting;
    link.onStop = () => kill(run, 'SIGTERM');
    return { run, link };
  }

  recordPath({ agentId }: RunRecord): string {
    return join(this.root, 'run', `${agentId}.json`);
  }

  /** A process that the supervisor did not start. */
  async sleeper(): Promise<ChildProcess & { pid: number }> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
    this.#children.push(child);
    await once(child, 'spawn');
    assert.ok(child.pid);
    return Object.assign(child, { pid: child.pid });
  }

  async remove(): Promise<void> {
    await Promise.all(this.supervisor.runs().map(({ record }) => this.supervisor.stop(record.agentId)));
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }
}

export class FakeLink implements SidecarLink {
  readonly asked: string[] = [];
  readonly #closed = Promise.withResolvers<void>();
  readonly closed = this.#closed.promise;
  isOpen = true;
  onStop: () => void = () => {};

  async request(method: string): Promise<never> {
    this.asked.push(method);
    if (method === 'run/stop') this.onStop();
    // Nobody looks at what this one answers.
    return {} as never;
  }

  close(): void {
    this.isOpen = false;
    this.#closed.resolve();
  }
}

export function newRecord(fields: Partial<RunRecord> = {}): RunRecord {
  return newRunRecord({ agentId: newId<AgentId>(), createdAt: Date.now(), ...fields });
}

export function helloOf(run: RunRecord, token = run.token): SidecarHello {
  const { runId, agentId } = run;
  const nothing = { programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null };
  return { role: 'sidecar', token, wireVersion: sidecarWireVersion, build: 'b', runId, agentId, pid: 1, ...nothing };
}

export function kill({ record: { sidecar } }: Run, signal: NodeJS.Signals): void {
  assert.ok(sidecar);
  process.kill(sidecar.pid, signal);
}

export function lives({ record: { sidecar } }: Run): boolean {
  assert.ok(sidecar);
  return isSameProcess(sidecar);
}
