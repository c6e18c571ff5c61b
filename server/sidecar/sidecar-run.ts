/** One run of an agent, put together by hand: what feeds what, in which order it starts, and how it ends. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Logger } from 'pino';
import { dataPaths } from '../base/data-paths.ts';
import { processIdentity } from '../base/process-identity.ts';
import { readRunRecord, writeRunRecord } from '../base/run-record-file.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { type SidecarHello, sidecarWireVersion } from '../protocol/handshake.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { ProgramChange } from '../protocol/sidecar-wire.ts';
import type { Answers } from './backend-channel.ts';
import { BackendLink } from './backend-link.ts';
import { systemClock } from './clock.ts';
import { Gate } from './gate.ts';
import { Journal } from './journal.ts';
import { OrphanTimer } from './orphan-timer.ts';
import { type Outbox, openOutbox, outboxPath } from './outbox.ts';
import { startProgram } from './program.ts';
import { temporaryDir } from './program-environment.ts';
import { Programs } from './programs.ts';
import { createAdapter } from './providers.ts';
import { SessionRunner } from './session-runner.ts';

const defaultUmask = 0o022;
const lastDeliveryMs = 2_000;
/** Every step of the ending has its own bound; this one is for what nobody thought of. A backend waits a little longer. */
const endDeadlineMs = 11_000;

type SidecarSetup = {
  readonly recordPath: string;
  readonly record: RunRecord;
  readonly log: Logger;
  /** Which build this is, told to the backend. */
  readonly build: string;
};

export class Sidecar {
  readonly #build: string;
  readonly #recordPath: string;
  readonly #log: Logger;
  readonly #gate = new Gate();
  readonly #outbox: Outbox;
  readonly #journal: Journal;
  readonly #link: BackendLink;
  readonly #orphan: OrphanTimer;
  readonly #programs: Programs;
  readonly #runner: SessionRunner;
  #record: RunRecord;
  #windingDown: Promise<void> | undefined;

  /** Opens the outbox, which only one process may hold: throws `storage` when another does, or the disk refuses. */
  constructor({ recordPath, record, log, build }: SidecarSetup) {
    this.#recordPath = recordPath;
    this.#record = record;
    this.#build = build;
    this.#log = log;
    mkdirSync(record.privateDir, { recursive: true });
    this.#outbox = openOutbox(outboxPath(record.privateDir), {
      afterSeq: record.ackedSeq ?? 0,
      onFlushed: (failure) => this.#flushed(failure),
    });
    this.#programs = this.#createPrograms();
    this.#journal = this.#createJournal();
    this.#runner = this.#createRunner();
    this.#link = this.#createLink();
    this.#orphan = new OrphanTimer(systemClock, {
      graceMs: record.orphanGraceMs,
      onOrphaned: () => this.end('no backend came for this agent within its grace'),
    });
  }

  /** The order matters: whoever finds the record can adopt or end what it names before anything of the agent runs. */
  start(): void {
    this.#writeRecord({ sidecar: processIdentity(process.pid) });
    this.#log.info({ lastSeq: this.#outbox.lastSeq, ackedSeq: this.#outbox.ackedSeq }, 'run record written, outbox open');
    this.#orphan.arm();
    this.#link.start();
    this.#log.info('looking for the backend');
    mkdirSync(temporaryDir(this.#record), { recursive: true });
  }

  /** Ends the agent in order and then the process, with 0: what was not delivered waits in the outbox. */
  end(reason: string): void {
    void this.#windDown(reason).then(() => this.#leave());
  }

  /** For an ending in disorder, at once: keeps what can be kept and leaves no program behind. */
  abandon(): void {
    this.#programs.killAll();
    this.#journal.appendPending();
    this.#outbox.close();
  }

  #windDown(reason: string): Promise<void> {
    this.#windingDown ??= this.#windDownOnce(reason);
    return this.#windingDown;
  }

  async #windDownOnce(reason: string): Promise<void> {
    this.#log.info({ reason }, 'the sidecar ends');
    setTimeout(() => process.exit(1), endDeadlineMs).unref();
    this.#orphan.disarm();
    this.#gate.openForGood();
    await this.#runner.stop({ denial: `Denied, because the agent ends: ${reason}.` });
    await this.#programs.stopAll();
    this.#journal.appendPending();
    this.#keepWhatCanBe();
    await this.#link.drained(lastDeliveryMs);
  }

  async #leave(): Promise<void> {
    await this.#link.close();
    this.#outbox.close();
    this.#log.info({ waiting: this.#outbox.lastSeq - this.#outbox.ackedSeq }, 'the sidecar has ended');
    process.exit(0);
  }

  #createPrograms(): Programs {
    const onChanged = (program: RunRecord['program']) => {
      this.#writeRecord({ program });
      this.#log.info({ program }, program ? 'the program runs' : 'no program runs');
    };
    const programUmask = this.#record.programUmask ?? defaultUmask;
    return new Programs({ startProgram, flow: this.#gate, onChanged }, { programUmask });
  }

  #createJournal(): Journal {
    return new Journal({
      outbox: this.#outbox,
      clock: systemClock,
      stream: (sessionId, event) => this.#link.stream(sessionId, event),
      sentSeq: () => this.#link.sentSeq(),
      log: this.#logAs('journal', 'error'),
    });
  }

  #createRunner(): SessionRunner {
    const runToken = randomBytes(32).toString('base64url');
    const wiring = { runToken, startProgram: this.#programs.start, log: this.#logAs('adapter', 'info') };
    return new SessionRunner({
      createAdapter: (context, secrets) => createAdapter(this.#record, secrets, { ...wiring, ...context }),
      emit: (sessionId, event) => this.#emitted(sessionId, event),
      keepNow: () => this.#outbox.flushNow(),
      onProgramChanged: (change) => this.#programChanged(change),
      log: this.#logAs('session', 'warn'),
    });
  }

  #createLink(): BackendLink {
    const outbox = this.#outbox;
    const delivered = {
      get ackedSeq() {
        return outbox.ackedSeq;
      },
      get lastSeq() {
        return outbox.lastSeq;
      },
      pending: outbox.pending.bind(outbox),
      ack: (upToSeq: number) => {
        outbox.ack(upToSeq);
        this.#journal.acked(upToSeq);
      },
    };
    const deps = {
      outbox: delivered,
      answers: this.#answers(),
      hello: () => this.#hello(),
      onConnected: () => this.#connected(),
      onDisconnected: () => this.#disconnected(),
      onRefused: (code: ErrorCode) => this.#refused(code),
      log: this.#logAs('link', 'info'),
    };
    return new BackendLink(deps, { ownerRecordPath: dataPaths(this.#record.dataDir).ownerRecord });
  }

  #answers(): Answers {
    return {
      'run/open': (wish) => this.#runner.open(wish),
      'run/prompt': async (prompt) => {
        await this.#runner.prompt(prompt);
        return {};
      },
      'run/interrupt': async () => {
        await this.#runner.interrupt();
        return {};
      },
      'run/answer': (answer) => this.#runner.answer(answer),
      'run/stop': async () => {
        await this.#windDown('the backend asked for it');
        // Its answer leaves before the connection is ended.
        void this.#leave();
        return {};
      },
      'run/ping': () => ({}),
    };
  }

  #hello(): SidecarHello {
    const { token, runId, agentId } = this.#record;
    const session = this.#runner.session;
    return {
      role: 'sidecar',
      token,
      wireVersion: sidecarWireVersion,
      build: this.#build,
      runId,
      agentId,
      pid: process.pid,
      programPid: session?.opened?.programPid ?? null,
      programVersion: session?.opened?.programVersion ?? null,
      sessionId: session?.sessionId ?? null,
      capabilities: session?.opened?.capabilities ?? null,
      turnId: session?.watch.turnId ?? null,
      promptId: session?.watch.promptId ?? null,
    };
  }

  #connected(): void {
    this.#orphan.disarm();
    this.#journal.restream();
  }

  #disconnected(): void {
    if (!this.#windingDown) this.#orphan.arm();
  }

  /** Refused as unknown it goes on asking, unless its record says as well that its run is over: then nobody will come. */
  #refused(code: ErrorCode): void {
    if (code === 'unauthorized' && !this.#isOnRecord()) this.end('the backend has given up this run');
  }

  /** A turn that began is on disk before its prompt is out of our hands, so that no prompt is given twice. */
  #emitted(sessionId: SessionId, event: AgentEvent): void {
    this.#journal.record(sessionId, event);
    if (event.type === 'turnStarted') this.#keepWhatCanBe();
  }

  #keepWhatCanBe(): void {
    try {
      this.#outbox.flushNow();
    } catch {
      // `#flushed` has told it; the outbox holds the events in memory and goes on trying.
    }
  }

  /** What the program said before goes first. */
  #programChanged(change: ProgramChange): void {
    this.#journal.appendPending();
    this.#link.tellProgramChanged(change);
  }

  #flushed(failure: Error | null): void {
    if (failure) this.#log.error({ err: failure }, 'events cannot be put on disk; the agent is held back until they can');
    else this.#link.deliver();
    if (this.#gate.follow(this.#outbox))
      this.#log.warn({ isOpen: this.#gate.isOpen, bytes: this.#outbox.bytes }, 'the program is held back or goes on');
  }

  #writeRecord(patch: Partial<RunRecord>): void {
    this.#record = { ...this.#record, ...patch };
    // The next run of the agent may have its record in the same place.
    if (!this.#isOnRecord()) return;
    try {
      writeRunRecord(this.#recordPath, this.#record);
    } catch (error) {
      // The agent goes on: a backend still knows the sidecar by its token, and the record only guards signals.
      this.#log.error({ err: error }, 'the run record cannot be written');
    }
  }

  #isOnRecord(): boolean {
    try {
      return readRunRecord(this.#recordPath).runId === this.#record.runId;
    } catch {
      // Removed, which is how a backend says that a run is over, or no longer readable, which ends as badly.
      return false;
    }
  }

  #logAs(component: string, level: 'info' | 'warn' | 'error') {
    const log = this.#log.child({ component });
    return (message: string, fields: Record<string, unknown> = {}) => log[level](fields, message);
  }
}
