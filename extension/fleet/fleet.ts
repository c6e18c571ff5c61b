/** The extension's own picture of what the backend runs: read whole on every connection, then kept by its notifications. */
import { type Disposable, type Event, EventEmitter, type LogOutputChannel, l10n } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Project } from '../../server/protocol/project.ts';
import type { Backend } from '../backend/backend.ts';
import { backendAway } from '../backend/rpc-failure.ts';
import {
  emptyFleet,
  type FleetState,
  withAgent,
  withApproval,
  withApprovals,
  withHealth,
  withoutAgent,
  withoutProject,
  withProject,
} from './fleet-model.ts';
import { SharedLoad } from './shared-load.ts';

export type FleetChange = { readonly before: FleetState; readonly after: FleetState };

export class Fleet {
  readonly #backend: Backend;
  readonly #log: LogOutputChannel;
  readonly #changed = new EventEmitter<FleetChange>();
  readonly #loaded = new EventEmitter<FleetState>();
  readonly #load = new SharedLoad(() => this.#readLists());
  #state = emptyFleet;

  constructor(backend: Backend, log: LogOutputChannel) {
    this.#backend = backend;
    this.#log = log;
  }

  get state(): FleetState {
    return this.#state;
  }

  get onDidChange(): Event<FleetChange> {
    return this.#changed.event;
  }

  /** Fires after each connection, when the lists have been read. */
  get onDidLoad(): Event<FleetState> {
    return this.#loaded.event;
  }

  /** Starts the backend if need be; rejects when it cannot be reached or the lists cannot be read. */
  async whenLoaded(): Promise<void> {
    if (this.#state.isLoaded && this.#backend.connection.phase === 'connected') return;
    await this.#backend.call('backend/ping', {});
    if (!this.#state.isLoaded) await this.#load.join();
  }

  project(id: string): Project | undefined {
    return this.#state.projects.find((project) => project.id === id);
  }

  agent(id: string): Agent | undefined {
    return this.#state.agents.find((agent) => agent.id === id);
  }

  approval(id: string): Approval | undefined {
    return this.#state.approvals.find((approval) => approval.id === id);
  }

  /** Listens from now on; dispose what it returns. */
  follow(): Disposable[] {
    const backend = this.#backend;
    return [
      backend.onDidChangeConnection(({ phase, failure }) => {
        if (phase === 'connected') this.#load.begin().catch((error: unknown) => this.#notLoaded(error));
        if (phase !== 'failed') return;
        this.#load.abandon(failure ?? backendAway(l10n.t));
        // What is shown while the backend is away for a moment stays; after a failure it would be a lie.
        this.#become(emptyFleet);
      }),
      backend.on('project/changed', ({ project }) => this.#become(withProject(this.#state, project))),
      backend.on('project/removed', ({ projectId }) => this.#become(withoutProject(this.#state, projectId))),
      backend.on('agent/changed', ({ agent }) => this.#become(withAgent(this.#state, agent))),
      backend.on('agent/removed', ({ agentId }) => this.#become(withoutAgent(this.#state, agentId))),
      backend.on('approval/changed', ({ approval }) => this.#become(withApproval(this.#state, approval))),
      backend.on('health/changed', ({ health }) => this.#become(withHealth(this.#state, health))),
    ];
  }

  /** Each list is taken over the moment it arrives: what is notified after it is then news to it, and never undone by it. */
  async #readLists(): Promise<void> {
    const backend = this.#backend;
    await Promise.all([
      backend.call('project/list', {}).then(({ projects }) => this.#become({ ...this.#state, projects })),
      backend.call('agent/list', {}).then(({ agents }) => this.#become({ ...this.#state, agents })),
      backend.call('approval/list', {}).then(({ approvals }) => this.#become(withApprovals(this.#state, approvals))),
      backend.call('health/get', {}).then((health) => this.#become(withHealth(this.#state, health))),
    ]);
    this.#become({ ...this.#state, isLoaded: true });
    this.#loaded.fire(this.#state);
  }

  /** Mostly the connection went away again, and its next start reads the lists anew; so does who waits for them. */
  #notLoaded(error: unknown): void {
    this.#log.warn(`The lists could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }

  #become(after: FleetState): void {
    const before = this.#state;
    this.#state = after;
    this.#changed.fire({ before, after });
  }
}
