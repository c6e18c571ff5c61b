/** One run of an agent, put together by hand: what feeds what, in which order it starts, and how it ends. */
import type { Logger } from 'pino';
import { systemClock } from '../base/clock.ts';
import { dataPaths } from '../base/data-paths.ts';
import { processIdentity } from '../base/process-identity.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { LogLevel } from '../protocol/requests.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { ProgramChange } from '../protocol/sidecar-wire.ts';
import type { ProgramHooks } from './adapter.ts';
import { helperSecret } from './adapters/claude/key-command.ts';
import type { Answers } from './backend-channel.ts';
import { BackendLink } from './backend-link.ts';
import { Control } from './control/control.ts';
import type { Fenced } from './fenced-programs.ts';
import { filteredParams } from './filtered-call.ts';
import { filteredOwn } from './filtered-events.ts';
import { filteredRecord } from './filtered-record.ts';
import { KeptEvents } from './kept-events.ts';
import { runnerMail, SidecarMail } from './mail/sidecar-mail.ts';
import { OrphanTimer } from './orphan-timer.ts';
import { OwnRecord } from './own-record.ts';
import { ProgramChain } from './program-chain.ts';
import { ProgramTrace } from './program-trace.ts';
import { createAdapter } from './providers.ts';
import { useSecrets } from './secret-renewal.ts';
import { SessionRunner } from './session-runner.ts';
import { sidecarAnswers, sidecarHello } from './sidecar-answers.ts';
import type { LogComponent, SidecarLog } from './sidecar-log.ts';
import { SidecarSecrets } from './sidecar-secrets.ts';

const lastDeliveryMs = 2_000;
/** Every step of the ending has its own bound; this one is for what nobody thought of. A backend waits a little longer. */
const endDeadlineMs = 11_000;

type SidecarSetup = {
  readonly recordPath: string;
  readonly record: RunRecord;
  readonly logs: SidecarLog;
  /** Which build this is, told to the backend. */
  readonly build: string;
};

export class Sidecar {
  readonly #build: string;
  readonly #own: OwnRecord;
  readonly #logs: SidecarLog;
  readonly #log: Logger;
  readonly #kept: KeptEvents;
  readonly #link: BackendLink;
  readonly #orphan: OrphanTimer;
  readonly #programs: ProgramChain;
  readonly #secrets: SidecarSecrets;
  readonly #runner: SessionRunner;
  readonly #control: Control;
  readonly #mail: SidecarMail;
  #windingDown: Promise<void> | undefined;

  /** Opens the outbox, which only one process may hold: throws `storage` when another does, or the disk refuses. */
  constructor({ recordPath, record, logs, build }: SidecarSetup) {
    this.#logs = logs;
    this.#log = logs.of('runner');
    this.#secrets = this.#createSecrets();
    logs.useFilter((line) => filteredRecord(this.#secrets.filter, line));
    this.#own = new OwnRecord(recordPath, record, (err) => this.#log.error({ err }, 'the run record cannot be written'));
    this.#build = build;
    this.#kept = new KeptEvents({ record, clock: systemClock, link: () => this.#link, logs });
    this.#programs = this.#createPrograms();
    this.#control = this.#createControl();
    this.#mail = this.#createMail();
    this.#runner = this.#createRunner();
    this.#link = this.#createLink();
    this.#orphan = new OrphanTimer(systemClock, {
      graceMs: record.orphanGraceMs,
      onOrphaned: () => this.end('no backend came for this agent within its grace'),
    });
  }

  /**
   * The order matters: the doors are open before the record names them, and whoever finds the record can adopt or end
   * what it names before anything of the agent runs.
   */
  async start(): Promise<void> {
    await this.#control.open();
    this.#own.write({ sidecar: processIdentity(process.pid), control: this.#control.forPerson });
    const { outbox, loss } = this.#kept;
    this.#log.info({ lastSeq: outbox.lastSeq, ackedSeq: outbox.ackedSeq }, 'run record written, outbox open');
    if (loss !== null) this.#log.error(loss);
    this.#orphan.arm();
    this.#link.start();
    this.#mail.start();
    this.#log.info('looking for the backend');
    this.#programs.prepare();
  }

  /** Ends the agent in order and then the process, with 0: what was not delivered waits in the outbox. */
  end(reason: string): void {
    void this.#windDown(reason).then(() => this.#leave());
  }

  /** For an ending in disorder, at once: keeps what can be kept and leaves no program behind. */
  abandon(): void {
    this.#programs.killAll();
    this.#kept.appendPending();
    this.#kept.outbox.close();
  }

  #windDown(reason: string): Promise<void> {
    this.#windingDown ??= this.#windDownOnce(reason);
    return this.#windingDown;
  }

  async #windDownOnce(reason: string): Promise<void> {
    this.#log.info({ reason }, 'the sidecar ends');
    setTimeout(() => process.exit(1), endDeadlineMs).unref();
    this.#orphan.disarm();
    this.#mail.stop();
    this.#kept.gate.openForGood();
    await this.#runner.stop({ denial: `Denied, because the agent ends: ${reason}.` });
    await this.#programs.stopAll();
    this.#secrets.flush();
    this.#kept.appendPending();
    this.#kept.keepWhatCanBe();
    await this.#link.drained(lastDeliveryMs);
  }

  /** The outbox comes last: until then no other sidecar of this agent can take the place of the sockets. */
  async #leave(): Promise<void> {
    await this.#control.close();
    await this.#link.close();
    const { outbox } = this.#kept;
    outbox.close();
    this.#log.info({ waiting: outbox.lastSeq - outbox.ackedSeq }, 'the sidecar has ended');
    process.exit(0);
  }

  #createPrograms(): ProgramChain {
    return new ProgramChain(this.#own.now, {
      flow: this.#kept.gate,
      onChanged: (program) => this.#own.write({ program }),
      onFenced: (fenced) => this.#fenced(fenced),
      onTold: (text) => this.#runner.session?.emit({ type: 'notice', level: 'warning', text }),
      log: this.#log,
    });
  }

  #createSecrets(): SidecarSecrets {
    const emit = (event: AgentEvent) => this.#runner.session?.emit(event);
    return new SidecarSecrets({ clock: systemClock, emit, log: this.#logAs('runner', 'warn') });
  }

  /** Rejects for what an agent may not say. */
  async #call(method: string, params: unknown): Promise<unknown> {
    return this.#mail.call(this.#secrets.filter.text(method, 'call'), filteredParams(this.#secrets.filter, method, params));
  }

  #createMail(): SidecarMail {
    return new SidecarMail({
      record: this.#own.now,
      clock: systemClock,
      backend: { request: (method, params) => this.#link.request(method, params) },
      session: () => this.#runner.session,
      keepNow: () => this.#kept.outbox.flushNow(),
      outbox: { lastSeq: () => this.#kept.outbox.lastSeq, taken: (seq) => this.#kept.taken(seq) },
      log: this.#logAs('obligation-cache', 'debug'),
    });
  }

  #createRunner(): SessionRunner {
    const { runToken, agentSocket: controlSocket } = this.#control;
    // Programs print their environment, and the token is in it.
    this.#secrets.learnOwn(runToken);
    const place = { runToken, controlSocket, filter: this.#secrets.filter, hooks: this.#hooks() };
    const wiring = {
      ...place,
      startProgram: new ProgramTrace(this.#logs).around(this.#programs.start),
      log: this.#logAs(this.#own.now.provider, 'info'),
    };
    return new SessionRunner({
      createAdapter: (context, secrets) => createAdapter(this.#own.now, secrets, { ...wiring, ...context }),
      emit: (sessionId, event) => this.#emitted(sessionId, event),
      keepNow: () => this.#kept.outbox.flushNow(),
      mail: runnerMail(this.#mail.room),
      onProgramChanged: (change) => this.#programChanged(change),
      ...this.#programs.sessionNeeds(),
      log: this.#logAs('delivery', 'warn'),
    });
  }

  #createControl(): Control {
    return new Control({
      record: this.#own.now,
      logs: this.#logs,
      clock: systemClock,
      session: () => this.#runner.session,
      setLevel: (level) => this.#setLogLevel(level),
      call: (method, params) => this.#call(method, params),
      owed: () => this.#mail.report(),
      secret: (variable) => helperSecret(this.#own.now, this.#runner.secrets, variable),
      mask: (text) => this.#secrets.filter.text(text, 'hook'),
    });
  }

  #hooks(): ProgramHooks {
    return { ...this.#control.hooks, stop: (input) => this.#mail.stopping(input), blockTaken: () => this.#mail.blockTaken() };
  }

  #createLink(): BackendLink {
    const log = this.#logs.of('bus');
    const deps = {
      outbox: this.#kept.outbox,
      answers: this.#answers(),
      hello: () => sidecarHello(this.#own.now, this.#build, this.#runner.session),
      onConnected: () => this.#connected(),
      onDisconnected: () => this.#disconnected(),
      onRefused: (code: ErrorCode) => this.#refused(code),
      onSettled: (upToSeq: number) => this.#kept.settled(upToSeq),
      log: (level: LogLevel, message: string, fields: Record<string, unknown> = {}) => log[level](fields, message),
    };
    return new BackendLink(deps, { ownerRecordPath: dataPaths(this.#own.now.dataDir).ownerRecord });
  }

  #answers(): Answers {
    return sidecarAnswers({
      runner: this.#runner,
      secrets: this.#secrets,
      mail: this.#mail,
      report: (afterSeq) => this.#kept.report(afterSeq),
      requeue: (keys) => this.#kept.requeue(keys),
      setLogLevel: (level) => this.#setLogLevel(level),
      renew: (wish) =>
        useSecrets({ record: this.#own.now, runner: this.#runner, secrets: this.#secrets, log: this.#logAs('runner', 'info') }, wish),
      stop: () => this.#windDown('the backend asked for it'),
      leave: () => void this.#leave(),
    });
  }

  #connected(): void {
    this.#orphan.disarm();
    this.#kept.restream();
    this.#mail.changed();
  }

  #disconnected(): void {
    if (!this.#windingDown) this.#orphan.arm();
  }

  /** Refused as unknown it goes on asking, unless its record says as well that its run is over: then nobody will come. */
  #refused(code: ErrorCode): void {
    if (code === 'unauthorized' && !this.#own.isOnDisk()) this.end('the backend has given up this run');
  }

  /** A turn that began is on disk before its prompt is out of our hands, so that no prompt is given twice. */
  #emitted(sessionId: SessionId, said: AgentEvent): void {
    const event = filteredOwn(this.#secrets.filter, said);
    this.#kept.record(sessionId, event);
    this.#control.observe(sessionId, event);
    if (event.type === 'turnStarted') this.#kept.keepWhatCanBe();
    this.#mail.room.heard(sessionId, event);
    if (event.type === 'turnEnded') this.#programs.look();
  }

  #fenced(fenced: Fenced): void {
    this.#link.tellFenced(fenced);
    this.#runner.session?.emit({ type: 'fenced', ...fenced });
  }

  /** What the program said before goes first. */
  #programChanged(change: ProgramChange): void {
    this.#kept.appendPending();
    this.#link.tellProgramChanged(change);
  }

  #setLogLevel(level: LogLevel): void {
    this.#logs.changeLevel(level);
    this.#own.write({ logLevel: level });
  }

  #logAs(component: LogComponent, level: 'debug' | 'info' | 'warn' | 'error') {
    const log = this.#logs.of(component);
    return (message: string, fields: Record<string, unknown> = {}) => log[level](fields, message);
  }
}
