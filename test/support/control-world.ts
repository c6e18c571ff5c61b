/** A sidecar's control server with its log in a folder of its own, and a session that a test plays. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../server/base/uuid.ts';
import { readLog } from '../../server/log/read-log.ts';
import { sidecarLogFiles } from '../../server/log/sidecar-log-files.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { SessionId } from '../../server/protocol/ids.ts';
import type { LogRecord } from '../../server/protocol/log-record.ts';
import type { LogLevel } from '../../server/protocol/requests.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { Control } from '../../server/sidecar/control/control.ts';
import type { ReplyObligations } from '../../server/sidecar/control/routes.ts';
import { SidecarLog } from '../../server/sidecar/sidecar-log.ts';
import { TurnWatch } from '../../server/sidecar/turn-watch.ts';
import { askControl, MonitorReader, type Reply } from './control-client.ts';
import { FakeClock } from './fake-clock.ts';
import { newRunRecord } from './worker-world.ts';

export const build = { version: '1.0', gitSha: 'abc', buildTime: 1, nodeVersion: 'v24' };

export class ControlWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'agor-control-'));
  readonly record: RunRecord;
  readonly logs: SidecarLog;
  readonly clock = new FakeClock();
  readonly control: Control;
  readonly events: AgentEvent[] = [];
  readonly watch = new TurnWatch({ providerSessionId: null });
  readonly sessionId = newId<SessionId>();
  hasSession = true;
  /** What the backend says to the agent. */
  answerCall: (method: string, params: unknown) => Promise<unknown> = () => Promise.resolve({});
  owed: ReplyObligations = { owed: [], unread: [], asOf: null, ageMs: null, known: false };
  secrets: Readonly<Record<string, string>> = {};
  readonly #readers: MonitorReader[] = [];

  constructor(fields: Partial<RunRecord> = {}) {
    const places = { dataDir: this.root, agentDir: join(this.root, 'agent'), privateDir: join(this.root, 'private') };
    this.record = newRunRecord({ ...places, agentName: 'demo', projectName: 'shop', ...fields });
    this.logs = new SidecarLog(this.record, build);
    this.control = new Control({
      record: this.record,
      logs: this.logs,
      clock: this.clock,
      session: () => (this.hasSession ? this.#session() : undefined),
      setLevel: (level: LogLevel) => this.logs.changeLevel(level),
      secret: (variable) => this.secrets[variable] ?? null,
      call: (method, params) => this.answerCall(method, params),
      owed: () => this.owed,
      mask: (text) => text.replaceAll('canary-secret', '•••'),
    });
  }

  async open(): Promise<this> {
    await this.control.open();
    return this;
  }

  /** As the agent's program does. */
  asAgent(method: string, path: string, body?: unknown): Promise<Reply> {
    return askControl({ socketPath: this.control.agentSocket }, { method, path, token: this.control.runToken, body });
  }

  /** As a person's tool does. */
  asPerson(method: string, path: string, body?: unknown): Promise<Reply> {
    const { socketPath, token } = this.control.forPerson;
    return askControl({ socketPath }, { method, path, token, body });
  }

  monitor(): MonitorReader {
    const { socketPath, token } = this.control.forPerson;
    const reader = new MonitorReader(socketPath, token);
    this.#readers.push(reader);
    return reader;
  }

  /** The agent does something. */
  does(event: AgentEvent): void {
    this.watch.observe(event);
    this.control.observe(this.sessionId, event);
  }

  logged(): LogRecord[] {
    return readLog(sidecarLogFiles(this.record.privateDir), { lines: 1_000 }).lines.map((line) => JSON.parse(line));
  }

  mirrored(): string[] {
    const dir = join(this.root, 'logs');
    const [name = ''] = readdirSync(dir);
    return readFileSync(join(dir, name), 'utf8').trimEnd().split('\n');
  }

  async remove(): Promise<void> {
    for (const reader of this.#readers) reader.socket.terminate();
    await this.control.close();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10 });
  }

  #session() {
    return { sessionId: this.sessionId, opened: null, watch: this.watch, emit: (event: AgentEvent) => void this.events.push(event) };
  }
}
