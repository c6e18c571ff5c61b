/** What an agent's worker sees of the rest, played by a test: its queue, its sidecar, and the channel between them. */

import type { AgentRecord } from '../../server/agents/agent-store.ts';
import { AgentWorker } from '../../server/agents/agent-worker.ts';
import type { RunningTurn } from '../../server/agents/current-work.ts';
import { newAgent } from '../../server/agents/new-agent.ts';
import type { QueuedPrompt } from '../../server/agents/prompt-queue.ts';
import type { OpenerDeps } from '../../server/agents/session-opener.ts';
import type { SidecarLink } from '../../server/agents/sidecar-link.ts';
import type { Run } from '../../server/agents/supervisor.ts';
import type { HowItFailed } from '../../server/agents/waiting-prompts.ts';
import { newId } from '../../server/base/uuid.ts';
import { AgorError, type ErrorCode } from '../../server/protocol/errors.ts';
import { type SidecarHello, sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, ItemId, ProjectId, PromptId, RunId, SessionId } from '../../server/protocol/ids.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import type { SidecarMethod, SidecarParams } from '../../server/protocol/sidecar-wire.ts';
import { FakeClock } from './fake-clock.ts';
import { plainCapabilities as capabilities } from './protocol-samples.ts';
import { ids, turnEnded, turnStarted } from './transcripts.ts';

type Request = {
  readonly method: SidecarMethod;
  readonly params: unknown;
  readonly settle: PromiseWithResolvers<unknown>;
  readonly link: SidecarLink;
};

const place = { id: newId<AgentId>(), projectId: newId<ProjectId>(), createdAt: 1 };
const opened = { capabilities, programPid: 11, programVersion: '1.0' };

export class WorkerWorld {
  readonly worker: AgentWorker;
  readonly requests: Request[] = [];
  readonly failed: { readonly id: PromptId; readonly message: string; readonly how: HowItFailed }[] = [];
  readonly logged: string[] = [];
  record: AgentRecord = newAgent({ project: 'shop', name: 'demo', provider: 'demo' }, place);
  queue: QueuedPrompt[] = [];
  /** Texts of messages that wait for the agent, and the session that they go into. */
  readonly mail: string[] = [];
  /** What making it a prompt does first. */
  onMail: (() => void) | undefined;
  readonly clock = new FakeClock();
  readonly mailSession = newId<SessionId>();
  run: Run | undefined;
  /** Named secrets that a window keeps. */
  kept: Record<string, string> = {};
  /** Each time that secrets were read, which. */
  readonly readFor: string[][] = [];
  readSecrets: OpenerDeps['readSecrets'] = async (uses) => {
    this.readFor.push(uses.map(({ secret }) => secret));
    return Object.fromEntries(uses.flatMap(({ variable, secret }) => (this.kept[secret] ? [[variable, this.kept[secret]]] : [])));
  };
  starts = 0;
  /** What starting a sidecar does instead of bringing one up. */
  startRun: (() => Promise<void>) | undefined;
  failPrompt: (() => void) | undefined;
  /** Whether there is a place for a turn, and whether a crash is waited out. */
  hasRoom = true;
  isHeldBack = false;
  isHeld = false;
  readonly #held = new Set<SidecarMethod>();
  #onAttachedOrGone: (() => void)[] = [];

  constructor(turn?: RunningTurn, isAsleep = false, takesMail = false) {
    const deps: ConstructorParameters<typeof AgentWorker>[0] = {
      record: () => this.record,
      startRun: () => this.#start(),
      stopRun: async (because) => this.gone({ wasStopped: true, detail: because }),
      run: () => this.run,
      reachRun: () => this.#reach(),
      nextPrompt: () => this.queue[0],
      isMailDue: () => this.mail.length > 0,
      promptWithMail: () => {
        this.onMail?.();
        if (this.mail.length > 0) this.addPrompt(this.mailSession, this.mail.splice(0).join('\n'));
      },
      extrasOf: () => ({}),
      takeBackMail: (prompt) => {
        this.queue = this.queue.filter(({ id }) => id !== prompt.id);
      },
      takeTurn: () => this.hasRoom,
      isHeldBack: () => this.isHeldBack,
      isHeld: () => this.isHeld,
      readSecrets: (uses) => this.readSecrets(uses),
      providerSession: () => ({ providerSessionId: null, model: null, usage: null }),
      failPrompt: (prompt, failure, how) => {
        this.failPrompt?.();
        this.failed.push({ id: prompt.id, message: failure.message, how });
        this.queue.shift();
      },
      failureOf: (error) => ({ type: 'unknown', message: error instanceof Error ? error.message : String(error), retryable: false }),
      onChange: () => {},
      clock: this.clock,
      log: (message) => void this.logged.push(message),
    };
    this.worker = new AgentWorker(deps, { turn, isAsleep, takesMail });
  }

  addPrompt(sessionId = newId<SessionId>(), text = 'go'): QueuedPrompt {
    const prompt = { id: ids.prompt(), agentId: place.id, sessionId, itemId: newId<ItemId>(), text, createdAt: 1 };
    this.queue.push(prompt);
    return prompt;
  }

  /** Requests of this kind wait until the test settles them. */
  hold(...methods: SidecarMethod[]): void {
    for (const method of methods) this.#held.add(method);
  }

  release(): void {
    this.#held.clear();
  }

  /** The sidecar is there, or back, on a new channel. */
  attach(said: Partial<SidecarHello> = {}): void {
    this.run ??= newRun();
    this.run.link = this.#newLink();
    this.run.hello = { ...hello, ...said };
    this.#wakeWaiting();
    this.worker.onAttached(this.run);
  }

  /** The channel breaks: what was asked over it is rejected. */
  breakLink(): void {
    const link = this.run?.link;
    if (this.run) this.run.link = undefined;
    for (const request of this.requests.filter((made) => made.link === link)) request.settle.reject(unavailable());
  }

  gone({ wasStopped, detail = 'it ended with code 1' }: { wasStopped: boolean; detail?: string | undefined }): void {
    const { run } = this;
    if (!run) return;
    this.run = undefined;
    const crash = wasStopped ? null : detail;
    this.worker.onGone({ agentId: place.id, runId: run.record.runId, wasStopped, detail, crash });
    for (const { settle } of this.requests) settle.reject(unavailable());
    this.#wakeWaiting();
  }

  /** The agent begins a turn with the prompt that waits longest, or with none. */
  beginTurn(sessionId = newId<SessionId>(), ...promptIds: PromptId[]) {
    const turnId = ids.turn();
    this.queue = this.queue.filter(({ id }) => !promptIds.includes(id));
    this.worker.onEvent(sessionId, turnStarted(turnId, ...promptIds));
    return { turnId, end: () => this.endTurn(sessionId, turnId) };
  }

  endTurn(sessionId: SessionId, turnId: RunningTurn['turnId']): void {
    this.worker.onEvent(sessionId, turnEnded(turnId));
    this.worker.deliver();
  }

  of<M extends SidecarMethod>(method: M): SidecarParams<M>[] {
    // Only requests of that method were chosen.
    return this.requests.filter((request) => request.method === method).map(({ params }) => params as SidecarParams<M>);
  }

  prompted(): PromptId[] {
    return this.of('run/prompt').map(({ promptId }) => promptId);
  }

  last(method: SidecarMethod): Request {
    const request = this.requests.findLast((made) => made.method === method);
    if (!request) throw new Error(`${method} was not asked`);
    return request;
  }

  async #start(): Promise<void> {
    this.starts += 1;
    if (this.startRun) return this.startRun();
    this.attach();
  }

  async #reach(): Promise<Run | undefined> {
    if (this.run && !this.run.link) await new Promise<void>((resolve) => this.#onAttachedOrGone.push(resolve));
    return this.run?.link ? this.run : undefined;
  }

  #wakeWaiting(): void {
    for (const wake of this.#onAttachedOrGone.splice(0)) wake();
  }

  #newLink(): SidecarLink {
    const link: SidecarLink = {
      closed: new Promise(() => {}),
      close: () => {},
      request: (method, params) => {
        const request = { method, params, settle: Promise.withResolvers<unknown>(), link };
        this.requests.push(request);
        if (!this.#held.has(method)) request.settle.resolve(method === 'run/open' ? opened : { delivered: true });
        // A test may settle a request that nobody waits for any more.
        request.settle.promise.catch(() => {});
        return request.settle.promise as ReturnType<typeof link.request<typeof method>>;
      },
    };
    return link;
  }
}

/** Lets everything run that is ready to. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function refused(code: ErrorCode, message = 'The program could not be started.'): AgorError {
  return new AgorError(code, message);
}

function unavailable(): AgorError {
  return refused('unavailable', "The agent's sidecar went away before it answered.");
}

const hello: SidecarHello = {
  ...{ role: 'sidecar', token: 't', wireVersion: sidecarWireVersion, build: 'b', runId: newId<RunId>(), agentId: place.id, pid: 10 },
  ...{ programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null },
};

export function newRunRecord(fields: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ runId: newId<RunId>(), agentId: place.id, token: 't', dataDir: '/data', projectDir: '/home/me', agentDir: '/a', privateDir: '/p' },
    ...{ provider: 'demo', command: [], environment: {}, path: null, credentials: 'login', orphanGraceMs: 1_000, logLevel: 'info' },
    ...{ wireVersion: sidecarWireVersion, createdAt: 1, sidecar: null, program: null },
    ...fields,
  };
}

function newRun(): Run {
  const ended = new Promise<void>(() => {});
  const nothingYet = { hello: undefined, link: undefined, isStopping: false, because: undefined, isAdopted: false, outputFrom: 0 };
  return { record: newRunRecord(), ...nothingYet, ended, end: () => {} };
}
