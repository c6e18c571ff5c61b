/** The built backend as a process of its own, started plainly or under a tool that makes it fail, and callers on it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildInfo } from '../../server/base/build-info.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { delay } from '../../server/base/delay.ts';
import { isSameProcess, processIdentity } from '../../server/base/process-identity.ts';
import { writeRunRecord } from '../../server/base/run-record-file.ts';
import { youngHeapFlags } from '../../server/base/young-heap.ts';
import { type Connection, openConnection } from '../../server/cli/connection.ts';
import { type SidecarHello, sidecarWireVersion } from '../../server/protocol/handshake.ts';
import { OwnerRecord } from '../../server/protocol/owner-record.ts';
import { type Input, type Method, type Result, requests } from '../../server/protocol/requests.ts';
import { backendRequests } from '../../server/protocol/sidecar-wire.ts';
import { newRunRecord } from '../support/worker-world.ts';
import { RawClient } from './raw-client.ts';
import type { Stage, StageFacts } from './stage.ts';
import type { Voice } from './verb.ts';

export type StartOptions = {
  /** The folder with the built programs. */
  readonly dist: string;
  readonly dataDir: string;
  /** A program and its arguments that the backend is started under. */
  readonly under?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** As whom, where we may choose. */
  readonly user?: number;
};

const pollMs = 5;
const patienceMs = 30_000;
/** Apart, so that a number alone says whose request it was. */
const firstSidecarId = 1_000_000_000;

export class LiveBackend {
  readonly dataDir: string;
  readonly dist: string;
  readonly child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  #stderr = '';

  constructor({ dist, dataDir, under = [], environment = {}, user }: StartOptions) {
    this.dataDir = dataDir;
    this.dist = dist;
    const [program = process.execPath, ...args] = [...under, process.execPath, ...youngHeapFlags, join(dist, 'backend.js'), dataDir];
    const as = user === undefined ? {} : { uid: user, gid: user };
    const env = { ...environmentOf(dataDir), ...environment };
    this.child = spawn(program, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env, ...as });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-64 * 1024);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code) => resolve(code));
      this.child.once('error', (error) => {
        this.#stderr += String(error);
        resolve(null);
      });
    });
  }

  /** Why it did not start, as it says it. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Undefined when it ended before it could be reached. */
  async ready(): Promise<OwnerRecord | undefined> {
    let hasExited = false;
    void this.exited.then(() => {
      hasExited = true;
    });
    for (const giveUpAt = Date.now() + patienceMs; Date.now() < giveUpAt && !hasExited; ) {
      const owner = readOwner(this.dataDir);
      if (owner) return owner;
      await delay(pollMs);
    }
    return undefined;
  }

  client(firstId?: number): Promise<RawClient> {
    return attachClient(this, firstId);
  }

  /** The whole group goes: the tool that it runs under as well. */
  async kill(): Promise<void> {
    killGroup(this.child);
    await this.exited;
  }
}

/** As a command connects: a backend is started when none runs. */
export function openCli({ dist, dataDir }: Pick<StartOptions, 'dist' | 'dataDir'>): Promise<Connection> {
  return openConnection({ dataDir, role: 'cli', distDir: dist, env: environmentOf(dataDir) });
}

/** Each data directory has declarations of its own: rows run side by side, and some of them declare groups. */
function environmentOf(dataDir: string): NodeJS.ProcessEnv {
  return { ...process.env, AGOR_CONFIG_DIR: `${dataDir}-config` };
}

/** A command on the backend that runs. */
export function attachClient({ dist, dataDir }: Pick<StartOptions, 'dist' | 'dataDir'>, firstId = 1): Promise<RawClient> {
  const { token, socket: socketPath } = dataPaths(dataDir);
  const hello = { role: 'cli', token: readFileSync(token, 'utf8').trim(), build: readBuildInfo(dist) } as const;
  return RawClient.greet({ socketPath, hello, firstId });
}

type Told = { readonly stage: Stage; readonly sidecar: RawClient };

/** Both ends of a stage's talk with a backend. */
export class StageVoice implements Voice {
  readonly client: RawClient;
  readonly #told: Told | undefined;
  /** The request whose answer came last. */
  lastAnswered = 0;

  constructor(client: RawClient, told?: Told) {
    this.client = client;
    this.#told = told;
  }

  async call<M extends Method>(method: M, params: Input<M>): Promise<Result<M>> {
    const answer = await this.#asked(this.client, method, params);
    // The schema looked up by `method` gives the result of the same method.
    return requests[method].result.parse(answer) as Result<M>;
  }

  async append(): Promise<void> {
    if (!this.#told) throw new Error('nobody plays the sidecar here');
    const { stage, sidecar } = this.#told;
    while (stage.untaken().length > 0) {
      const answer = await this.#asked(sidecar, 'run/append', { events: stage.untaken() });
      stage.taken(backendRequests['run/append'].result.parse(answer).ackedSeq);
    }
  }

  close(): void {
    this.client.close();
    this.#told?.sidecar.close();
  }

  async #asked(client: RawClient, method: string, params: unknown): Promise<unknown> {
    const answered = client.request(method, params);
    const id = client.lastId;
    const answer = await answered;
    this.lastAnswered = id;
    return answer;
  }
}

/** As a sidecar of an earlier backend: its run is found on record, and it greets by itself. Write it before the backend starts. */
export function recordSidecar(dataDir: string, facts: StageFacts, pid: number | null): void {
  const { runRecords } = dataPaths(dataDir);
  const sidecar = pid === null ? null : processIdentity(pid);
  const record = newRunRecord({
    runId: facts.tellingRun,
    agentId: facts.tellingAgent,
    token: facts.runToken,
    dataDir,
    createdAt: Date.now(),
    sidecar,
  });
  writeRunRecord(join(runRecords, `${facts.tellingAgent}.json`), record);
}

export async function playSidecar(dataDir: string, facts: StageFacts): Promise<RawClient> {
  const nothing = { programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null };
  const run = { runId: facts.tellingRun, agentId: facts.tellingAgent, token: facts.runToken, pid: process.pid };
  const hello: SidecarHello = { role: 'sidecar', wireVersion: sidecarWireVersion, build: 'faults', ...run, ...nothing };
  const answer = (method: string) => (method === 'run/answer' ? { delivered: true } : {});
  return RawClient.greet({ socketPath: dataPaths(dataDir).socket, hello, firstId: firstSidecarId, answer });
}

/** The owner that lives, if one does. */
export function readOwner(dataDir: string): OwnerRecord | undefined {
  try {
    const owner = OwnerRecord.parse(JSON.parse(readFileSync(dataPaths(dataDir).ownerRecord, 'utf8')));
    return isSameProcess(owner) ? owner : undefined;
  } catch {
    // None yet.
    return undefined;
  }
}

export function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) endProcess(-pid);
}

export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile, or nothing of the group is left.
  }
}
