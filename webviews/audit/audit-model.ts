/** What the audit panel shows and what a person can do in it, without any drawing. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { AuditRecord } from '../../server/protocol/audit.ts';
import type { Task, TaskPriority } from '../../server/protocol/task.ts';
import type { AgentProfile, Team } from '../../server/protocol/team.ts';
import type { ConnectionState } from '../../server/protocol/webview.ts';
import { type Host, sentenceOf } from '../shared/host.ts';
import type { KeptRows } from './kept-rows.ts';
import { noFilter, type Period, periodOf, type RowFilter, requestOf } from './row-filter.ts';
import { RowSource } from './row-source.ts';
import type { Names } from './row-words.ts';
import type { SavedState } from './saved-state.ts';
import { Verification, type VerificationState } from './verification.ts';

export interface AuditModelDeps {
  host: Pick<Host, 'request' | 'subscribe' | 'on' | 'post'>;
  save: (state: SavedState) => void;
  /** Something to draw has changed. */
  onChange: () => void;
  now: () => number;
  /** Nobody can see the page, so it asks for nothing. */
  isHidden: () => boolean;
}

export interface NewTask {
  readonly title: string;
  readonly description: string;
  readonly team: string;
  readonly priority: TaskPriority;
}

type Phase = 'loading' | 'failed' | 'ready';
type Fleet = { readonly agents: readonly Agent[]; readonly teams: readonly Team[]; readonly profiles: readonly AgentProfile[] };

export class AuditModel {
  readonly #deps: AuditModelDeps;
  readonly #source: RowSource;
  readonly #verification: Verification;
  #saved: SavedState;
  #phase: Phase = 'loading';
  #connection: ConnectionState = 'connecting';
  #fleet: Fleet = { agents: [], teams: [], profiles: [] };
  #names: Names = new Map();
  #newestSeq: number | undefined;
  /** The open one, also where it is no longer among the rows. */
  #openRow: AuditRecord | null = null;
  #problem: string | null = null;

  constructor(deps: AuditModelDeps, saved: SavedState) {
    this.#deps = deps;
    this.#saved = saved;
    const request: Host['request'] = (method, params) => deps.host.request(method, params);
    this.#source = new RowSource({ request, onChange: deps.onChange });
    this.#verification = new Verification(request, deps.onChange);
  }

  get phase(): Phase {
    return this.#phase;
  }
  get connection(): ConnectionState {
    return this.#connection;
  }
  get filter(): RowFilter {
    return this.#saved.filter;
  }
  get rows(): KeptRows {
    return this.#source.rows;
  }
  get isLoadingOlder(): boolean {
    return this.#source.isLoadingOlder;
  }
  get aroundSeq(): number | null {
    return this.#saved.aroundSeq;
  }
  get openRow(): AuditRecord | null {
    return this.#openRow;
  }
  get agents(): readonly Agent[] {
    return this.#fleet.agents;
  }
  get teams(): readonly Team[] {
    return this.#fleet.teams;
  }
  get names(): Names {
    return this.#names;
  }
  get verification(): VerificationState {
    return this.#verification.state;
  }
  /** One sentence about the last thing that was refused. */
  get problem(): string | null {
    return this.#problem;
  }
  get period(): Period {
    return periodOf(this.filter, this.#deps.now());
  }

  /** Listens to the panel; call before `host.start()`. */
  start(): void {
    const { host } = this.#deps;
    host.on('init', ({ connection }) => {
      this.#connection = connection;
      void this.load();
    });
    host.on('connection', ({ state }) => this.#connectionChanged(state));
    host.on('showRow', ({ seq }) => void this.showRow(seq));
    host.subscribe('audit/appended', ({ seq }) => {
      this.#newestSeq = seq;
      void this.#look(seq);
    });
    host.subscribe('audit/verifying', ({ read, of }) => this.#verification.progress(read, of));
    host.subscribe('agent/changed', ({ agent }) => {
      if (this.#names.get(agent.id) !== agent.name) void this.#act(() => this.#loadFleet());
    });
    host.subscribe('agent/removed', () => void this.#act(() => this.#loadFleet()));
  }

  /** Everything anew: at first, with another filter, after the connection came back, and when asked to try again. */
  async load(): Promise<void> {
    try {
      const [isWanted] = await Promise.all([
        this.#source.load(requestOf(this.filter, this.#deps.now()), this.aroundSeq),
        this.#loadFleet(),
      ]);
      if (!isWanted) return;
      this.#phase = 'ready';
      this.#problem = null;
      this.#findOpenRow();
    } catch (error) {
      if (this.#connection === 'connected') this.#problem = sentenceOf(error);
      if (this.#phase !== 'ready' && this.#connection === 'connected') this.#phase = 'failed';
    }
    this.#deps.onChange();
  }

  /** Asks for what is new, whether anybody told of it or not, unless nobody would see it. */
  look(): Promise<void> {
    return this.#look();
  }

  async older(): Promise<void> {
    await this.#act(() => this.#source.older());
  }

  /** What was kept of it elsewhere, and is newer. */
  async restore(saved: SavedState): Promise<void> {
    this.#save(saved);
    await this.load();
  }

  async setFilter(changes: Partial<RowFilter>): Promise<void> {
    this.#save({ filter: { ...this.filter, ...changes }, aroundSeq: null });
    await this.load();
  }

  /** Shows the row among its neighbours, whatever was filtered before. */
  async showRow(seq: number): Promise<void> {
    this.#save({ filter: { ...noFilter, heartbeats: true }, aroundSeq: seq, openSeq: seq });
    await this.load();
  }

  async showNewest(): Promise<void> {
    this.#save({ aroundSeq: null, filter: { ...this.filter, heartbeats: false } });
    await this.load();
  }

  open(row: AuditRecord | null): void {
    this.#openRow = row;
    this.#save({ openSeq: row?.seq ?? null });
  }

  verify(): void {
    void this.#verification.run();
  }

  dismissVerdict(): void {
    this.#verification.dismiss();
  }

  dismissProblem(): void {
    this.#problem = null;
    this.#deps.onChange();
  }

  copy(text: string): void {
    this.#deps.host.post({ type: 'copy', text });
  }

  /** Where to is asked by VS Code; the rows of the chosen time are saved, whatever else is filtered. */
  export(): void {
    this.#deps.host.post({ type: 'exportAudit', ...this.period });
  }

  /** The team of the agent that the row is about, or the first one. */
  teamOf({ agentId }: AuditRecord): string | null {
    const { profiles, teams } = this.#fleet;
    return profiles.find((profile) => profile.agentId === agentId)?.teamId ?? teams[0]?.id ?? null;
  }

  /** Answers the task that was added; `null`: it was refused, and what was typed stays. */
  async addTask({ title, description, team, priority }: NewTask): Promise<Task | null> {
    let added: Task | null = null;
    await this.#act(async () => {
      added = await this.#deps.host.request('task/add', { title: title.trim(), description, team, priority });
    });
    return added;
  }

  async #look(toSeq?: number): Promise<void> {
    if (this.#phase !== 'ready' || this.#connection !== 'connected' || this.#deps.isHidden()) return;
    const told = this.#newestSeq;
    try {
      await this.#source.look(toSeq);
    } catch {
      // The connection's own state is shown, and the next look asks again.
      return;
    }
    // More was added while the answer was on its way.
    if (this.#newestSeq !== told) await this.#look(this.#newestSeq);
  }

  async #loadFleet(): Promise<void> {
    const { host, onChange } = this.#deps;
    const [{ agents }, { teams, profiles }] = await Promise.all([host.request('agent/list', {}), host.request('team/list', {})]);
    this.#fleet = { agents, teams, profiles };
    this.#names = new Map(agents.map(({ id, name }): [string, string] => [id, name]));
    onChange();
  }

  #findOpenRow(): void {
    const { openSeq } = this.#saved;
    if (this.#openRow?.seq === openSeq) return;
    this.#openRow = this.rows.records.find(({ seq }) => seq === openSeq) ?? null;
  }

  #connectionChanged(state: ConnectionState): void {
    const isBack = state === 'connected' && this.#connection !== 'connected';
    this.#connection = state;
    if (isBack) void this.load();
    this.#deps.onChange();
  }

  async #act(action: () => Promise<unknown>): Promise<void> {
    this.#problem = null;
    try {
      await action();
    } catch (error) {
      this.#problem = sentenceOf(error);
    }
    this.#deps.onChange();
  }

  #save(changes: Partial<SavedState>): void {
    this.#saved = { ...this.#saved, ...changes };
    this.#deps.save(this.#saved);
    this.#deps.onChange();
  }
}
