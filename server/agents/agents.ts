/** Everything a person can ask of agents. */
import { newId } from '../base/uuid.ts';
import type { Agent } from '../protocol/agent.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId, PromptId, SessionId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { SecretHolder } from '../protocol/secret.ts';
import type { PromptState, Session } from '../protocol/session.ts';
import type { Secrets } from './agent-keys.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentReports } from './agent-reports.ts';
import type { AgentRecord } from './agent-store.ts';
import type { AgentWorker } from './agent-worker.ts';
import { checkPrompt, newAgent } from './new-agent.ts';
import type { NewPrompts } from './new-prompts.ts';
import type { PromptQueue } from './prompt-queue.ts';
import type { Restarts } from './restarts.ts';
import { handOver, restartHolders } from './secret-handover.ts';
import { isCode } from './session-opener.ts';
import type { Sessions } from './sessions.ts';
import { steer } from './steering.ts';

export type AgentsDeps = {
  readonly registry: AgentRegistry;
  readonly reports: AgentReports;
  readonly sessions: Sessions;
  readonly prompts: PromptQueue;
  readonly newPrompts: NewPrompts;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly restarts: Restarts;
  readonly findProject: (reference: string) => Project;
  readonly startableProject: (id: ProjectId) => Project;
  readonly now: () => number;
};

export type WakePrompt = { readonly id: PromptId; readonly text: string; readonly session: 'current' | 'fresh' };

export class Agents {
  readonly #deps: AgentsDeps;

  constructor(deps: AgentsDeps) {
    this.#deps = deps;
  }

  list(project: string | undefined): Agent[] {
    const { registry, reports } = this.#deps;
    const records = project === undefined ? registry.all() : registry.of(this.#deps.findProject(project).id);
    return records.map(({ id }) => reports.view(id));
  }

  view(id: AgentId): Agent {
    return this.#deps.reports.view(id);
  }

  add(params: Params<'agent/add'>, actor: string): Agent {
    const { registry, reports, findProject, now, worker } = this.#deps;
    const record = newAgent(params, { id: newId<AgentId>(), projectId: findProject(params.project).id, createdAt: now() });
    registry.add(record, actor);
    worker(record.id).keys.give(params.secrets ?? {});
    return reports.view(record.id);
  }

  async remove(reference: string, actor: string): Promise<void> {
    const { id } = this.#deps.registry.find(reference);
    const worker = this.#deps.worker(id);
    this.#deps.restarts.reset(id);
    try {
      await worker.retire();
      this.#dropWaiting(id);
      this.#deps.registry.remove(id, actor);
    } catch (error) {
      worker.reinstate();
      throw error;
    }
  }

  /** Those too that are added while the others are being stopped. */
  async removeAll(projectId: ProjectId, actor: string): Promise<void> {
    const { registry } = this.#deps;
    for (let agents = registry.of(projectId); agents.length > 0; agents = registry.of(projectId)) {
      await Promise.all(agents.map(({ id }) => this.remove(id, actor)));
    }
  }

  /** The project is no longer trusted. */
  async stopOf(projectId: ProjectId): Promise<void> {
    await Promise.all(this.#deps.registry.of(projectId).map(({ id }) => this.#stop(id)));
  }

  /** By a person: at once, however often it crashed before. */
  async start(reference: string, secrets: Secrets | undefined): Promise<Agent> {
    const record = this.#deps.registry.find(reference);
    this.#deps.startableProject(record.projectId);
    const worker = this.#deps.worker(record.id);
    worker.keys.give(secrets ?? {});
    this.#deps.restarts.reset(record.id);
    await worker.start(this.#currentSession(record));
    return this.#deps.reports.view(record.id);
  }

  async stop(reference: string): Promise<Agent> {
    const { id } = this.#deps.registry.find(reference);
    await this.#stop(id);
    return this.#deps.reports.view(id);
  }

  async restart(reference: string, secrets: Secrets | undefined): Promise<Agent> {
    await this.stop(reference);
    return this.start(reference, secrets);
  }

  /** After a crash: in the session that goes on next. */
  async comeBack(id: AgentId): Promise<void> {
    const sessionId = this.#deps.prompts.next(id)?.sessionId ?? this.#currentSession(this.#deps.registry.get(id));
    await this.#deps.worker(id).start(sessionId);
  }

  /** Ends the running turn; with none running, takes back the prompts that wait. */
  async interrupt(reference: string): Promise<Agent> {
    const { id } = this.#deps.registry.find(reference);
    if (!(await this.#deps.worker(id).interrupt())) this.#dropWaiting(id);
    return this.#deps.reports.view(id);
  }

  /** On disk when this returns. */
  prompt(params: Params<'agent/prompt'>): Result<'agent/prompt'> {
    const record = this.#deps.registry.find(params.agent);
    const promptId = params.promptId ?? newId<PromptId>();
    const known = this.#deps.prompts.get(promptId);
    if (known?.agentId === record.id) return { promptId, sessionId: known.sessionId, queued: false };
    if (known) throw new AgorError('conflict', 'Another agent was given a prompt of that id. Give each prompt an id of its own.');
    checkPrompt(params.text);
    this.#deps.startableProject(record.projectId);
    const worker = this.#deps.worker(record.id);
    const isBehind = worker.isBusy || this.#deps.prompts.count(record.id) > 0;
    const sessionId = this.#currentSession(record);
    this.#deps.newPrompts.add(record.id, sessionId, { id: promptId, text: params.text, origin: 'person' });
    worker.wake();
    return { promptId, sessionId, queued: isBehind || !worker.isBusy };
  }

  /** Into the turn that runs, instead of behind it. */
  steer(params: Params<'agent/steer'>): Promise<Result<'agent/steer'>> {
    return steer(this.#deps, params);
  }

  /** There may be mail for the agent: it is given if it may be, and the sidecar asks what there is. */
  mailArrived(id: AgentId): void {
    if (this.#deps.registry.has(id)) this.#deps.worker(id).mailArrived();
  }

  /** A turn runs or is about to, or a prompt waits for one. */
  isBusy(id: AgentId): boolean {
    const { worker, prompts } = this.#deps;
    return worker(id).isBusy || prompts.count(id) > 0;
  }

  /** Undefined for one that nobody has given. */
  promptState(id: PromptId): PromptState | undefined {
    return this.#deps.prompts.stateOf(id);
  }

  /** By the wake scheduler. On disk when this returns; the same `id` again is the same prompt. */
  wake(agentId: AgentId, { id, text, session }: WakePrompt): void {
    const { registry, prompts, newPrompts, worker } = this.#deps;
    if (prompts.get(id)) return;
    this.#deps.startableProject(registry.get(agentId).projectId);
    const sessionId = session === 'fresh' ? newPrompts.newSession(agentId).id : newPrompts.currentSession(registry.get(agentId));
    newPrompts.add(agentId, sessionId, { id, text, origin: 'wake' });
    worker(agentId).wake();
  }

  /** Paused: the running turn is interrupted, and no other begins. */
  async pause(reference: string, actor: string): Promise<Agent> {
    const { id } = this.#deps.registry.find(reference);
    this.#deps.registry.setPaused(id, true, actor);
    await this.#deps
      .worker(id)
      .interrupt()
      .catch((error: unknown) => {
        // A turn whose sidecar is away for a moment is interrupted when it comes back.
        if (!isCode(error, 'unavailable')) throw error;
      });
    return this.#deps.reports.view(id);
  }

  /** What waited is delivered. */
  resume(reference: string, actor: string): Agent {
    const { id } = this.#deps.registry.find(reference);
    this.#deps.registry.setPaused(id, false, actor);
    this.#deps.worker(id).deliver();
    return this.#deps.reports.view(id);
  }

  configure({ agent, model, sandboxMode, network, secretUses }: Params<'agent/configure'>, actor: string): Agent {
    const { id, ...now } = this.#deps.registry.find(agent);
    const credentials = secretUses === undefined ? now.credentials : secretUses.length > 0 ? 'secret' : 'login';
    const change = {
      credentials,
      secretUses: secretUses ?? now.secretUses,
      model: model === undefined ? now.model : model,
      sandboxMode: sandboxMode === undefined ? now.sandboxMode : sandboxMode,
      network: network === undefined ? now.network : network,
    };
    this.#deps.registry.configure(id, change, actor);
    if (secretUses !== undefined) {
      this.#deps.worker(id).keys.forget();
      this.startWaiting();
    }
    return this.#deps.reports.view(id);
  }

  /** That secret is there now, or has changed: who uses it gets the new value, and who waited goes on. */
  useSecret(name: string): void {
    const { registry, worker } = this.#deps;
    for (const { id, secretUses } of registry.all()) if (secretUses.some(({ secret }) => secret === name)) worker(id).keys.renew();
    this.startWaiting();
  }

  /** The secret has another value: what runs with it is handed it, and nothing is stopped. */
  async handOver(name: string, value: string): Promise<SecretHolder[]> {
    const holders = await handOver(this.#deps, name, value);
    this.startWaiting();
    return holders;
  }

  /** What has an old value of it gets a new start, once it is idle. */
  restartHolders(name: string): Promise<SecretHolder[]> {
    return restartHolders(this.#deps, name);
  }

  /** Tries again what waits for credentials; who still lacks them goes on waiting. */
  startWaiting(): void {
    const { registry, worker } = this.#deps;
    const waiting = registry.all().filter(({ id }) => worker(id).status.lackingCredentials !== undefined);
    for (const record of waiting.filter(({ credentials }) => credentials !== 'environment')) {
      // Its state says why it could not be started.
      worker(record.id)
        .start(this.#currentSession(record))
        .catch(() => {});
    }
  }

  createSession(reference: string): Session {
    return this.#deps.newPrompts.newSession(this.#deps.registry.find(reference).id);
  }

  /** The agent goes on in this session from its next prompt. */
  resumeSession(reference: string): Session {
    const session = this.#deps.sessions.find(reference);
    if (!this.#deps.registry.has(session.agentId)) {
      throw new AgorError('notFound', 'The agent of that session was removed. Its transcript can still be read.');
    }
    this.#deps.registry.setSession(session.agentId, session.id);
    return session;
  }

  /** No turn runs, nothing waits to be delivered or to be started again. */
  isQuiet(): boolean {
    const { registry, worker, prompts, restarts } = this.#deps;
    return registry.all().every(({ id }) => {
      const { hasTurn, isStarting } = worker(id).status;
      const hasWork = prompts.count(id) > 0 || worker(id).hasMail;
      return !hasTurn && !isStarting && !hasWork && restarts.health(id).state !== 'restarting';
    });
  }

  /** What runs is ended, and goes on by its next prompt. */
  async sleepAll(): Promise<void> {
    const up = this.#deps.registry.all().map(({ id }) => this.#deps.worker(id));
    await Promise.all(up.filter(({ status }) => status.isUp).map((worker) => worker.sleep()));
  }

  async #stop(id: AgentId): Promise<void> {
    this.#deps.restarts.reset(id);
    await this.#deps.worker(id).stop();
  }

  #currentSession(record: AgentRecord): SessionId {
    return this.#deps.newPrompts.currentSession(record);
  }

  #dropWaiting(id: AgentId): void {
    const { prompts, newPrompts } = this.#deps;
    for (let prompt = prompts.next(id); prompt; prompt = prompts.next(id)) newPrompts.drop(prompt);
  }
}
