/** The agents feature over real files and a real supervisor; its sidecars are idle processes that a test speaks for. */
import { join } from 'node:path';
import { AgentStore } from '../../server/agents/agent-store.ts';
import { type AgentsFeature, composeAgents } from '../../server/agents/compose.ts';
import type { EndedTurn } from '../../server/agents/event-intake.ts';
import { type Judge, onlyPerson } from '../../server/agents/judge.ts';
import type { MailSource } from '../../server/agents/mail-source.ts';
import type { OutboxFiles } from '../../server/agents/outboxes.ts';
import { RunFiles } from '../../server/agents/run-files.ts';
import type { SidecarLink } from '../../server/agents/sidecar-link.ts';
import { type RunStarter, startRun } from '../../server/agents/start-run.ts';
import { type Run, Supervisor } from '../../server/agents/supervisor.ts';
import { isSameProcess, type ProcessIdentity } from '../../server/base/process-identity.ts';
import { SessionMetrics } from '../../server/metrics/session-metrics.ts';
import { Projects } from '../../server/projects/projects.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { type NumberedEvent, type SidecarHello, sidecarWireVersion } from '../../server/protocol/handshake.ts';
import type { AgentId, SessionId } from '../../server/protocol/ids.ts';
import type { Project } from '../../server/protocol/project.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { defaultSettings, type SettingName, type Settings } from '../../server/protocol/settings.ts';
import { FakeClock } from './fake-clock.ts';
import { noMail } from './no-mail.ts';
import { plainCapabilities as capabilities } from './protocol-samples.ts';
import { hashOf, TestStores } from './test-stores.ts';
import { settled } from './worker-world.ts';

const sidecarProgram = join(import.meta.dirname, '../fixtures/sidecars/idle.mjs');

export class AgentsWorld {
  readonly #earlier: ProcessIdentity[] = [];
  readonly kept = new TestStores();
  readonly logged: string[] = [];
  /** For waits; what is written down has a time that only counts. */
  readonly clock = new FakeClock();
  /** What a fence is asked for instead of what was set. */
  narrowed: RunStarter['narrowed'] = (plan) => plan;
  /** A share of all that can still be had. */
  memory = 1;
  mail: MailSource = noMail;
  /** What answers in place of a person. */
  judge: Judge = onlyPerson;
  /** What a person has set. */
  readonly set: Partial<Record<SettingName, unknown>> = {};
  /** Named secrets that a window keeps. */
  secrets: Record<string, string> = {};
  /** What was asked of sidecars, in order. */
  readonly asked: { readonly method: string; readonly params: unknown }[] = [];
  /** Of whose end a person might be told. */
  readonly endedTurns: EndedTurn[] = [];
  /** What a request answers with, instead of agreement. */
  readonly answers = new Map<string, () => unknown>();
  /** What a dead sidecar left in its outbox, and how many were set aside there. */
  leftovers: NumberedEvent[] = [];
  poisonedCount = 0;
  reports: OutboxFiles['report'] = () => ({ pending: 0, bytes: 0, isHeldBack: false, coalesced: 0, poisonedCount: 0, poisoned: [] });
  collects: OutboxFiles['collect'] = (_, take) => {
    if (this.leftovers.length > 0) take(this.leftovers.splice(0));
    return { poisonedCount: this.poisonedCount };
  };
  project: Project;
  projects: Projects;
  supervisor: Supervisor;
  feature: AgentsFeature;
  readonly #seqs = new Map<AgentId, number>();
  #count = 1_000;

  constructor() {
    ({ projects: this.projects, supervisor: this.supervisor, feature: this.feature } = this.#build());
    this.project = this.projects.add({ path: this.kept.folder('shop'), trusted: true }, 'cli');
  }

  /** A backend that is killed, and the next one. */
  async nextBackend(): Promise<void> {
    await settled();
    for (const { record } of this.supervisor.runs()) if (record.sidecar) this.#earlier.push(record.sidecar);
    this.feature.close();
    this.supervisor.close();
    this.kept.reopenAfterKill();
    ({ projects: this.projects, supervisor: this.supervisor, feature: this.feature } = this.#build());
    this.supervisor.adopt();
    this.feature.start();
  }

  addAgent(name = 'demo', fields: object = {}): AgentId {
    return this.feature.agents.add({ project: this.project.id, name, provider: 'demo', ...fields }, 'cli').id;
  }

  /** What the agent does, as its sidecar tells it. */
  does(agentId: AgentId, sessionId: SessionId, ...events: AgentEvent[]): number {
    return this.feature.events.takeIn(agentId, this.numbered(agentId, sessionId, ...events)).ackedSeq;
  }

  numbered(agentId: AgentId, sessionId: SessionId, ...events: AgentEvent[]): NumberedEvent[] {
    return events.map((event) => {
      const seq = (this.#seqs.get(agentId) ?? 0) + 1;
      this.#seqs.set(agentId, seq);
      return { seq, at: this.#count++, sessionId, event };
    });
  }

  view(id: AgentId) {
    return this.feature.reports.view(id);
  }

  /** A sidecar greets: at its start, or again. */
  attach(run: Run, said: Partial<SidecarHello> = {}): void {
    this.supervisor.accept({ ...hello(run.record), ...said }, this.#link(run));
  }

  methods(): string[] {
    return this.asked.map(({ method }) => method);
  }

  async remove(): Promise<void> {
    this.answers.clear();
    this.feature.close();
    // What a test has just asked for may be about to start.
    await settled();
    do {
      await Promise.all(this.supervisor.runs().map(({ record }) => this.supervisor.stop(record.agentId)));
      await settled();
    } while (this.supervisor.runs().length > 0);
    this.supervisor.close();
    // The next backend knows those by their records only, where these stand-ins do not write their pid.
    for (const sidecar of this.#earlier) if (isSameProcess(sidecar)) process.kill(sidecar.pid, 'SIGKILL');
    this.kept.remove();
  }

  #build() {
    const { sessions, btmsg, audit } = this.kept.stores;
    const now = () => this.#count++;
    const write = <T>(work: () => T) => sessions.write(work);
    const projects = new Projects({ db: sessions.db, write, audit: (entry) => btmsg.write(() => audit.append(entry)), now });
    const { agents: agentsDir, runRecords: runRecordsDir } = this.kept.paths;
    const log = (message: string) => void this.logged.push(message);
    const waits = { greetTimeoutMs: 500, stopTimeoutMs: 500, returnTimeoutMs: 50 };
    const supervisor = new Supervisor({ agentsDir, runRecordsDir, sidecarProgram, log: () => {} }, waits);
    const store = new AgentStore(btmsg.db);
    // A test sets what fits.
    const setting = <K extends SettingName>(name: K) => (this.set[name] ?? defaultSettings[name]) as Settings[K];
    const settings = {
      build: 'b',
      orphanGraceMs: undefined,
      programUmask: 0o22,
      workspace: () => undefined,
      logLevel: () => 'info' as const,
      setting,
      narrowed: (plan, agent) => this.narrowed(plan, agent),
    } satisfies Partial<RunStarter>;
    const places = { dataDir: this.kept.dir, agentsDir, binDir: this.kept.paths.bin };
    const starter = { supervisor, file: btmsg, store, audit, now, ...places, ...settings };
    const metrics = new SessionMetrics(sessions.db);
    const feature = composeAgents({
      workFolder: () => undefined,
      ...{ sessionsFile: sessions, btmsgFile: btmsg, audit, store, supervisor, hashOf, hostname: 'host', build: 'b', now, log },
      setting,
      judge: { mode: (id) => this.judge.mode(id), verdict: (asked) => this.judge.verdict(asked), used: (rule) => this.judge.used(rule) },
      measure: (course) => metrics.measure(course),
      clock: this.clock,
      mail: this.mail,
      turnEnded: (_, turn) => void this.endedTurns.push(turn),
      asked: () => {},
      briefing: () => undefined,
      memory: () => this.memory,
      readSecrets: async (uses) =>
        Object.fromEntries(uses.flatMap(({ variable, secret }) => (this.secrets[secret] ? [[variable, this.secrets[secret]]] : []))),
      findProject: (reference) => projects.find(reference),
      getProject: (id) => projects.get(id),
      outboxFiles: {
        collect: (agentId, take) => this.collects(agentId, take),
        report: (agentId, afterSeq) => this.reports(agentId, afterSeq),
        requeue: (_, keys) => keys?.length ?? this.poisonedCount,
      },
      startRun: (agent, project, ackedSeq) => {
        const starting = startRun(starter, agent, project, ackedSeq);
        const run = supervisor.run(agent.id);
        if (run) {
          // As a sidecar does first of all.
          new RunFiles(runRecordsDir).write(run.record);
          this.attach(run);
        }
        return starting;
      },
    });
    return { projects, supervisor, feature };
  }

  #link(run: Run): SidecarLink {
    const closed = Promise.withResolvers<void>();
    return {
      closed: closed.promise,
      close: closed.resolve,
      request: async (method, params) => {
        this.asked.push({ method, params });
        const { sidecar } = run.record;
        if (method === 'run/stop' && sidecar) process.kill(sidecar.pid, 'SIGTERM');
        const answer = this.answers.get(method)?.();
        if (answer instanceof Error) throw answer;
        // Each caller gets what its method promises.
        return (answer ?? { capabilities, programPid: 11, programVersion: '1', delivered: true }) as never;
      },
    };
  }
}

export const unavailable = new AgorError('unavailable', 'The sidecar went away.');

function hello({ runId, agentId, token }: RunRecord): SidecarHello {
  const nothing = { programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null };
  return { role: 'sidecar', token, wireVersion: sidecarWireVersion, build: 'b', runId, agentId, pid: 1, ...nothing };
}
