/** A real sidecar process with the demo agent in a folder of its own, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../../server/base/data-paths.ts';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { readRunRecord, writeRunRecord } from '../../server/base/run-record-file.ts';
import { removeSidecarSockets } from '../../server/base/sidecar-sockets.ts';
import { newId } from '../../server/base/uuid.ts';
import { readLog } from '../../server/log/read-log.ts';
import { sidecarLogFiles } from '../../server/log/sidecar-log-files.ts';
import { sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, RunId } from '../../server/protocol/ids.ts';
import { LogRecord } from '../../server/protocol/log-record.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';

const sidecarProgram = join(import.meta.dirname, '../../server/sidecar/sidecar.ts');

export class SidecarProcess {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'agor-sidecar-'));
  readonly agentId = newId<AgentId>();
  readonly #changes: Partial<RunRecord>;
  #recordPath = '';
  #child: ChildProcess | undefined;
  exitCode: Promise<number | null> = Promise.resolve(null);

  constructor(changes: Partial<RunRecord> = {}) {
    this.#changes = changes;
  }

  /** Each start is a new run of the same agent. */
  start(changes: Partial<RunRecord> = {}): this {
    const record = { ...this.#record(), ...this.#changes, ...changes };
    for (const folder of [record.projectDir, record.agentDir, record.privateDir, dataPaths(this.dataDir).runRecords]) {
      mkdirSync(folder, { recursive: true });
    }
    this.#recordPath = join(dataPaths(this.dataDir).runRecords, `${record.runId}.json`);
    writeRunRecord(this.#recordPath, record);
    const output = openSync(sidecarLogFiles(record.privateDir).errorOutput, 'a', 0o600);
    const child = spawn(process.execPath, [sidecarProgram, this.#recordPath], { detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.#child = child;
    this.exitCode = new Promise((resolve) => {
      child.once('close', (code) => resolve(code));
    });
    return this;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it wrote into its log, and what it said past it. */
  log(): LogRecord[] {
    const { lines } = readLog(sidecarLogFiles(this.privateDir), { lines: 1_000 });
    return lines.map((line) => LogRecord.parse(JSON.parse(line)));
  }

  get privateDir(): string {
    return this.record().privateDir;
  }

  record(): RunRecord {
    return readRunRecord(this.#recordPath);
  }

  /** As a backend does when it holds a run for over. */
  forgetRecord(): void {
    rmSync(this.#recordPath);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Ends whatever still runs and removes the folder. */
  async remove(): Promise<void> {
    const program = existsSync(this.#recordPath) ? this.record().program : null;
    this.signal('SIGKILL');
    if (program && isSameProcess(program)) process.kill(-program.pgid, 'SIGKILL');
    await this.exitCode;
    if (existsSync(this.#recordPath)) removeSidecarSockets(this.record());
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 10 });
  }

  #record(): RunRecord {
    const agentHome = join(this.dataDir, 'agents', this.agentId);
    return {
      runId: newId<RunId>(),
      agentId: this.agentId,
      token: 'a token of this run',
      dataDir: this.dataDir,
      projectDir: join(this.dataDir, 'project'),
      agentDir: join(agentHome, 'agent'),
      privateDir: join(agentHome, 'private'),
      provider: 'demo',
      command: [],
      environment: { AGOR_DEMO_SPEED: '0' },
      path: process.env.PATH ?? null,
      credentials: 'login',
      orphanGraceMs: 60_000,
      logLevel: 'info',
      wireVersion: sidecarWireVersion,
      createdAt: Date.now(),
      sidecar: null,
      program: null,
    };
  }
}
