/**
 * The sidecar's doors besides the one to the backend: one for the agent's program, its hooks and our commands inside it,
 * and one for a person's tools, which lies where the agent does not get. What is said there is written down and shown;
 * what the agent does is told by its program's own protocol, and nothing said here overrules that.
 */
import { newToken } from '../../auth/token.ts';
import { Allowance } from '../../base/allowance.ts';
import type { Clock } from '../../base/clock.ts';
import { removeSidecarSockets, sidecarSockets } from '../../base/sidecar-sockets.ts';
import type { AgentEvent } from '../../protocol/agent-event.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { MonitorLine } from '../../protocol/monitor.ts';
import type { LogLevel } from '../../protocol/requests.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { ProgramHooks } from '../adapter.ts';
import type { OpenSession } from '../open-session.ts';
import type { SidecarLog } from '../sidecar-log.ts';
import { ControlServer } from './control-server.ts';
import { HookFailures } from './hook-failures.ts';
import { spoolDir, takeSpooled } from './hook-spool.ts';
import { mirrorText } from './mirror-text.ts';
import { Monitor } from './monitor.ts';
import { ProgramReports } from './program-reports.ts';
import { type ControlCallbacks, controlRoutes, type ReplyObligations, type TerminalAttachSpec } from './routes.ts';
import { type SeenSession, snapshot } from './snapshot.ts';

export type ControlDeps = {
  readonly record: RunRecord;
  readonly logs: SidecarLog;
  readonly clock: Clock;
  readonly session: () => (SeenSession & Pick<OpenSession, 'emit'>) | undefined;
  readonly setLevel: (level: LogLevel) => void;
  /** A secret of the agent by the variable that it is meant for; null when it was given none. */
  readonly secret: (variable: string) => string | null;
  /** What the agent asks for itself, in its own name; rejects with an `AgorError`. */
  readonly call: (method: string, params: unknown) => Promise<unknown>;
  /** Answered at once, from memory. */
  readonly owed: () => ReplyObligations;
  /** Takes the agent's secrets out of what it says here. */
  readonly mask: (text: string) => string;
};

const toldPerMinute = { times: 60, perMs: 60_000 };
const mostMethodChars = 100;
const noTerminal =
  'This agent has no terminal of its own. One that is opened in its folder, with these folders first on its PATH, has its commands.';

export class Control {
  /** What the program shows at its door; good for as long as this run, and nowhere else. */
  readonly runToken = newToken();
  readonly agentSocket: string;
  /** For the run record, where a person's tools find it. */
  readonly forPerson: NonNullable<RunRecord['control']>;
  readonly #deps: ControlDeps;
  readonly #server: ControlServer;
  readonly #monitor: Monitor;
  readonly #hookFailures: HookFailures;
  readonly #allowance = new Allowance(toldPerMinute);
  readonly #reports: ProgramReports;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    const { agent, person } = sidecarSockets(deps.record);
    this.agentSocket = agent;
    this.forPerson = { socketPath: person, token: newToken() };
    this.#hookFailures = new HookFailures({ ...deps, emit: (event) => this.#emit(event) });
    this.#monitor = new Monitor(() => this.#snapshot());
    this.#reports = new ProgramReports({
      ...deps,
      tell: (line) => this.#monitor.tell(line),
      note: (level, message, fields) => this.#note(level, message, fields),
      turnRuns: () => this.#turnRuns(),
    });
    this.#server = new ControlServer({
      routes: controlRoutes(this.#callbacks()),
      openMonitor: this.#monitor.open.bind(this.#monitor),
      log: (message, fields) => this.#note('warn', message, fields),
    });
  }

  /** Rejects when something else is in the place of one of the sockets. Afterwards the program may be started. */
  async open(): Promise<void> {
    await this.#server.listen(this.agentSocket, { authority: 'agent', token: this.runToken });
    await this.#server.listen(this.forPerson.socketPath, { authority: 'person', token: this.forPerson.token });
    this.#deps.logs.of('control').info({ agentSocket: this.agentSocket }, 'control server open');
    for (const { hook, error } of takeSpooled(spoolDir(this.#deps.record.agentDir))) {
      this.#hookFailures.report(String(hook ?? 'unknown'), this.#deps.mask(String(error ?? '(no detail)')));
    }
  }

  /** For hooks that can only reach an address; resolves with the port, which takes the run's token. */
  listenOnLoopback(): Promise<number> {
    return this.#server.listenOnLoopback({ authority: 'agent', token: this.runToken });
  }

  /** Shows what the agent did to whoever looks on. */
  observe(sessionId: SessionId, event: AgentEvent): void {
    const { clock, logs } = this.#deps;
    logs.sessionId = sessionId;
    this.#monitor.tell(() => ({ kind: 'session', at: clock.now(), sessionId, event }));
    const mirror = logs.of('mirror');
    const text = mirror.isLevelEnabled('debug') ? mirrorText(event) : undefined;
    if (text !== undefined) mirror.debug(text);
    if (event.type === 'sessionOpened') this.#hookFailures.release();
  }

  /** What the program's hooks report by its own protocol; whether a turn may end is decided elsewhere. */
  get hooks(): Pick<ProgramHooks, 'observed' | 'failed'> {
    return {
      observed: (hook, input, answer) => this.#reports.hook(hook, input, answer),
      failed: (hook, detail) => this.#hookFailed(hook, detail),
    };
  }

  async close(): Promise<void> {
    this.#monitor.close();
    await this.#server.close();
    removeSidecarSockets(this.#deps.record);
    this.#deps.logs.of('control').info('control server closed');
  }

  #callbacks(): ControlCallbacks {
    const { logs, setLevel, secret, owed } = this.#deps;
    const reports = this.#reports;
    return {
      level: { get: () => logs.level, set: setLevel },
      onHookFatal: (hook, error) => this.#hookFailed(hook, error),
      onSessionEnd: (end) => reports.sessionEnd(end),
      onSessionTurn: (turn) => reports.sessionTurn(turn),
      onUserPrompt: (prompt) => reports.userPrompt(prompt),
      onStatus: (status) => reports.is(status),
      onTerminalAttachSpec: () => this.#terminal(),
      onReplyObligations: owed,
      onCall: (method, params) => this.#call(method, params),
      onSecret: secret,
    };
  }

  #call(method: string, params: unknown): Promise<unknown> {
    this.#note('debug', 'the agent asks for something', { method: method.slice(0, mostMethodChars) });
    return this.#deps.call(method, params);
  }

  #emit(event: AgentEvent): boolean {
    const session = this.#deps.session();
    session?.emit(event);
    return session !== undefined;
  }

  #snapshot(): MonitorLine {
    const { record, session, logs, clock } = this.#deps;
    return snapshot({ record, session: session(), reportedStatus: this.#reports.status, logLevel: logs.level }, clock.now());
  }

  #turnRuns(): boolean {
    return (this.#deps.session()?.watch.turnId ?? null) !== null;
  }

  #terminal(): TerminalAttachSpec {
    const { projectDir, binDir } = this.#deps.record;
    return { attachable: false, cwd: projectDir, path: binDir === undefined ? [] : [binDir], note: noTerminal };
  }

  /** The agent decides how often there is something to note, and the log is short: so often and no more. */
  #note(level: 'debug' | 'info' | 'warn', message: string, fields: Record<string, unknown>): void {
    const log = this.#deps.logs.of('control');
    if (!log.isLevelEnabled(level)) return;
    const granted = this.#allowance.take(this.#deps.clock.elapsed());
    if (granted) log[level]({ ...fields, ...(granted.refusedBefore > 0 ? { notTold: granted.refusedBefore } : {}) }, message);
  }

  /** Whoever reports a failure is not told of ours. */
  #hookFailed(hook: string, detail: string): void {
    try {
      this.#hookFailures.report(hook, this.#deps.mask(detail));
    } catch (error) {
      this.#deps.logs.of('control').error({ err: error }, 'the failure of a hook could not be kept');
    }
  }
}
