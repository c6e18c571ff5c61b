/** What the metrics page shows and what a person can do on it, without any drawing. */
import type { LiveAgent, LiveMetrics, LiveProject, MeasuredSession, StorageReport } from '../../server/protocol/metrics.ts';
import type { Notification } from '../../server/protocol/notifications.ts';
import type { ConnectionState } from '../../server/protocol/webview.ts';
import { type Host, sentenceOf } from '../shared/host.ts';
import { Refresher, type RefresherDeps } from './refresher.ts';
import type { SavedState, TabName } from './saved-state.ts';
import { type ColumnName, type Filter, fits, nextSort, type Sort, sortedSessions } from './session-rows.ts';

export interface MetricsModelDeps {
  host: Pick<Host, 'request' | 'subscribe' | 'on' | 'post'>;
  save: (state: SavedState) => void;
  after: RefresherDeps['after'];
  /** Something to draw has changed. */
  onChange: () => void;
}

type Phase = 'loading' | 'failed' | 'ready';
export type Storage = { readonly report: StorageReport | null; readonly failure: string | null };

/** After each of these, something that is shown may be another. */
const news: readonly Notification[] = [
  ...(['team/changed', 'agent/changed', 'agent/removed', 'approval/changed'] as const),
  ...(['task/changed', 'task/removed', 'project/changed', 'project/removed'] as const),
];

export class MetricsModel {
  readonly #deps: MetricsModelDeps;
  readonly #refresher: Refresher;
  #saved: SavedState;
  #phase: Phase = 'loading';
  #connection: ConnectionState = 'connecting';
  #problem: string | null = null;
  #live: LiveMetrics | null = null;
  #storage: Storage = { report: null, failure: null };
  #isLoadingStorage = false;
  /** Of which project they are; null before they were loaded. */
  #history: { readonly projectId: string; readonly sessions: readonly MeasuredSession[] } | null = null;

  constructor(deps: MetricsModelDeps, saved: SavedState) {
    this.#deps = deps;
    this.#saved = saved;
    this.#refresher = new Refresher({ refresh: () => this.#load(), after: deps.after });
  }

  get phase(): Phase {
    return this.#phase;
  }
  get connection(): ConnectionState {
    return this.#connection;
  }
  /** One sentence about what could not be loaded last. */
  get problem(): string | null {
    return this.#problem;
  }
  get live(): LiveMetrics | null {
    return this.#live;
  }
  get storage(): Storage {
    return this.#storage;
  }
  get tab(): TabName {
    return this.#saved.tab;
  }
  get sort(): Sort {
    return this.#saved.sort;
  }
  get filter(): Filter {
    return this.#saved.filter;
  }
  get projects(): readonly LiveProject[] {
    return this.#live?.projects ?? [];
  }
  /** The one chosen, else the first. */
  get project(): LiveProject | undefined {
    return this.projects.find(({ projectId }) => projectId === this.#saved.projectId) ?? this.projects[0];
  }
  /** Those of the project, the newest first; null while they are loaded. */
  get sessions(): readonly MeasuredSession[] | null {
    return this.#history && this.#history.projectId === this.project?.projectId ? this.#history.sessions : null;
  }
  /** As they are listed. */
  get rows(): readonly MeasuredSession[] {
    return sortedSessions(
      (this.sessions ?? []).filter((session) => fits(session, this.filter)),
      this.sort,
    );
  }
  /** Who needs the person, the one who does most first. */
  get queue(): readonly LiveAgent[] {
    const agents = new Map(this.projects.flatMap((project) => project.agents).map((agent) => [agent.agentId, agent]));
    return (this.#live?.attention ?? []).flatMap((id) => agents.get(id) ?? []);
  }

  /** Listens to the panel; call before `host.start()`. */
  start(): void {
    const { host } = this.#deps;
    host.on('init', ({ connection }) => {
      this.#connection = connection;
      this.#refresher.resume();
    });
    host.on('connection', ({ state }) => {
      this.#connection = state;
      if (state === 'connected') this.reload();
      this.#deps.onChange();
    });
    for (const method of news) host.subscribe(method, () => this.#refresher.soon());
  }

  /** Nothing is asked while the page is hidden. */
  setVisible(isVisible: boolean): void {
    if (isVisible) this.#refresher.resume();
    else this.#refresher.pause();
  }

  reload(): void {
    void this.#refresher.now();
  }

  /** What was kept of it elsewhere, and is newer. */
  restore(saved: SavedState): void {
    this.#save(saved);
    this.reload();
  }

  showTab(tab: TabName): void {
    this.#save({ tab });
    this.reload();
  }

  showProject(projectId: string): void {
    this.#save({ projectId });
    this.reload();
  }

  sortBy(column: ColumnName): void {
    this.#save({ sort: nextSort(this.sort, column) });
  }

  setFilter(changes: Partial<Filter>): void {
    this.#save({ filter: { ...this.filter, ...changes } });
  }

  openAgent(agentId: string, sessionId: string | null): void {
    this.#deps.host.post({ type: 'openAgent', agentId, sessionId });
  }

  openBoard(): void {
    this.#deps.host.post({ type: 'openBoard' });
  }

  exportCsv(): void {
    if (this.project) this.#deps.host.post({ type: 'exportMetrics', projectId: this.project.projectId });
  }

  dismissProblem(): void {
    this.#problem = null;
    this.#deps.onChange();
  }

  #save(changes: Partial<SavedState>): void {
    this.#saved = { ...this.#saved, ...changes };
    this.#deps.save(this.#saved);
    this.#deps.onChange();
  }

  async #load(): Promise<void> {
    try {
      this.#live = await this.#deps.host.request('metrics/live', {});
      if (this.tab === 'history') await this.#loadHistory();
      this.#phase = 'ready';
      this.#problem = null;
    } catch (error) {
      // While the backend is away the last known state stays, and a line says so.
      if (this.#connection === 'connected') this.#problem = sentenceOf(error);
      if (this.#phase !== 'ready' && this.#connection === 'connected') this.#phase = 'failed';
    }
    this.#deps.onChange();
    if (this.tab === 'live' && this.#phase === 'ready') void this.#loadStorage();
  }

  async #loadHistory(): Promise<void> {
    const { project } = this;
    if (!project) return;
    const { sessions } = await this.#deps.host.request('metrics/history', { project: project.projectId });
    this.#history = { projectId: project.projectId, sessions };
  }

  /** Beside the rest, because folders take longer: on a busy machine minutes, in which figures go on. */
  async #loadStorage(): Promise<void> {
    if (this.#isLoadingStorage) return;
    this.#isLoadingStorage = true;
    try {
      this.#storage = { report: await this.#deps.host.request('metrics/storage', {}), failure: null };
    } catch (error) {
      this.#storage = { ...this.#storage, failure: sentenceOf(error) };
    }
    this.#isLoadingStorage = false;
    this.#deps.onChange();
  }
}
