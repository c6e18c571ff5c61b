/** What the board shows and what a person can do on it, without any drawing. */
import type { Task, TaskComment, TaskPriority } from '../../server/protocol/task.ts';
import type { Party, Team } from '../../server/protocol/team.ts';
import type { ConnectionState } from '../../server/protocol/webview.ts';
import { type Host, sentenceOf } from '../shared/host.ts';
import { BoardTasks } from './board-tasks.ts';
import { type BoardTeam, boardTeam, noTeam } from './board-team.ts';
import { states } from './looks.ts';
import { OpenTask } from './open-task.ts';
import { type Column, columnsOf, type Place, sortOrderAt } from './places.ts';
import type { SavedState } from './saved-state.ts';
import { type ChangeRequest, TaskChanges } from './task-changes.ts';
import { type Filter, fits } from './task-filter.ts';
import { t } from './texts.ts';

export interface BoardModelDeps {
  host: Pick<Host, 'request' | 'subscribe' | 'on'>;
  save: (state: SavedState) => void;
  /** Something to draw has changed. */
  onChange: () => void;
}

/** `noTeam`: there is no agent, so nobody shares a board. */
type Phase = 'loading' | 'noTeam' | 'failed' | 'ready';

export interface NewTask {
  readonly title: string;
  readonly description: string;
  readonly priority: TaskPriority;
  readonly assignee: string | null;
}

export class BoardModel {
  readonly #deps: BoardModelDeps;
  readonly #tasks = new BoardTasks();
  readonly #open: OpenTask;
  #saved: SavedState;
  #phase: Phase = 'loading';
  #connection: ConnectionState = 'connecting';
  #team: BoardTeam = noTeam;
  #problem: string | null = null;
  readonly #changes: TaskChanges;

  constructor(deps: BoardModelDeps, saved: SavedState) {
    this.#deps = deps;
    this.#saved = saved;
    const request: Host['request'] = (method, params) => deps.host.request(method, params);
    this.#changes = new TaskChanges({ request, tasks: this.#tasks });
    this.#open = new OpenTask({
      request,
      onTask: (task) => this.#tasks.put(task),
      onChange: deps.onChange,
    });
  }

  get phase(): Phase {
    return this.#phase;
  }
  get connection(): ConnectionState {
    return this.#connection;
  }
  get teams(): readonly Team[] {
    return this.#team.teams;
  }
  get teamId(): string | null {
    return this.#team.teamId;
  }
  get members(): readonly Party[] {
    return this.#team.members;
  }
  get filter(): Filter {
    return this.#saved.filter;
  }
  get showsRejected(): boolean {
    return this.#saved.showsRejected;
  }
  /** One sentence about the last thing that was refused. */
  get problem(): string | null {
    return this.#problem;
  }
  get tasks(): readonly Task[] {
    return this.#tasks.all();
  }
  get openTask(): Task | null {
    return this.#tasks.find(this.#open.id);
  }
  /** Of the open task; `null` while they are loaded. */
  get comments(): readonly TaskComment[] | null {
    return this.#open.comments;
  }
  get commentsFailure(): string | null {
    return this.#open.failure;
  }

  /** What is shown, in the order of the board. */
  columns(): Column[] {
    return columnsOf(
      this.tasks.filter((task) => fits(task, this.filter)),
      this.showsRejected ? states : states.filter((state) => state !== 'rejected'),
    );
  }

  /** Listens to the panel; call before `host.start()`. */
  start(): void {
    const { host } = this.#deps;
    host.on('init', ({ connection }) => {
      this.#connection = connection;
      void this.load();
    });
    host.on('connection', ({ state }) => this.#connectionChanged(state));
    host.subscribe('task/changed', ({ task }) => this.#taskChanged(task));
    host.subscribe('task/removed', ({ taskId }) => {
      this.#tasks.remove(taskId);
      this.#deps.onChange();
    });
    host.subscribe('team/changed', ({ teams }) => {
      if (teams) void this.#teamsChanged();
    });
    host.subscribe('agent/removed', () => void this.#teamsChanged());
  }

  /** Everything anew: at first, after the connection came back, and when asked to try again. */
  async load(): Promise<void> {
    try {
      await this.#loadTeams();
      if (this.teamId !== null) await this.#loadTasks(this.teamId);
      this.#phase = this.teamId === null ? 'noTeam' : 'ready';
      this.#problem = null;
      this.#refreshOpenTask();
    } catch (error) {
      if (this.#connection === 'connected') this.#problem = sentenceOf(error);
      if (this.#phase !== 'ready' && this.#connection === 'connected') this.#phase = 'failed';
    }
    this.#deps.onChange();
  }

  async showTeam(teamId: string): Promise<void> {
    this.#tasks.clear();
    this.#phase = 'loading';
    this.#save({ teamId, openTaskId: null });
    await this.load();
  }

  /** The details of a task, on the board of its team. */
  async showTask(teamId: string, taskId: string): Promise<void> {
    if (teamId === this.teamId && this.#tasks.find(taskId)) return this.open(taskId);
    if (teamId !== this.teamId) this.#tasks.clear();
    if (teamId !== this.teamId) this.#phase = 'loading';
    this.#save({ teamId, openTaskId: taskId });
    await this.load();
    if (this.#phase !== 'ready' || this.#tasks.find(taskId)) return;
    this.#problem = t('taskGone');
    this.#deps.onChange();
  }

  setFilter(changes: Partial<Filter>): void {
    this.#save({ filter: { ...this.filter, ...changes } });
  }

  toggleRejected(): void {
    this.#save({ showsRejected: !this.showsRejected });
  }

  open(taskId: string | null): void {
    this.#open.show(taskId);
    this.#save({ openTaskId: taskId });
  }

  dismissProblem(): void {
    this.#problem = null;
    this.#deps.onChange();
  }

  /** Shown at once; what the backend refuses goes back to where it was. */
  async move(taskId: string, place: Place): Promise<void> {
    const task = this.#tasks.find(taskId);
    const column = columnsOf(this.tasks, [place.state])[0];
    if (!task || !column) return;
    const before = place.before === null ? {} : { before: place.before };
    const guess = { ...task, state: place.state, sortOrder: sortOrderAt(column, place, taskId) };
    await this.#change(guess, (version) => this.#deps.host.request('task/move', { task: taskId, state: place.state, version, ...before }));
  }

  async assign(task: Task, to: string | null): Promise<void> {
    const assignee = this.#team.members.find(({ id }) => id === to) ?? null;
    await this.#change({ ...task, assignee }, (version) => this.#deps.host.request('task/assign', { task: task.id, to, version }));
  }

  async edit(task: Task, changes: Partial<Pick<Task, 'title' | 'description' | 'priority'>>): Promise<void> {
    await this.#change({ ...task, ...changes }, (version) => this.#deps.host.request('task/edit', { task: task.id, version, ...changes }));
  }

  /** Answers whether it was added: otherwise what was typed stays. */
  async add({ title, description, priority, assignee }: NewTask): Promise<boolean> {
    const team = this.teamId;
    if (team === null || title.trim() === '') return false;
    return this.#act(async () => {
      const task = await this.#deps.host.request('task/add', {
        ...{ title: title.trim(), team, priority },
        ...(description.trim() === '' ? {} : { description }),
        ...(assignee === null ? {} : { assign: assignee }),
      });
      this.#tasks.put(task);
    });
  }

  async comment(task: Task, text: string): Promise<boolean> {
    if (text.trim() === '') return false;
    return this.#act(async () => {
      this.#open.add(task.id, await this.#deps.host.request('task/comment', { task: task.id, text }));
    });
  }

  async remove(task: Task): Promise<void> {
    const isRemoved = await this.#act(() => this.#deps.host.request('task/remove', { task: task.id, version: task.version }));
    if (!isRemoved) return;
    this.#tasks.remove(task.id);
    this.open(null);
  }

  async settleHeld(task: Task, method: 'screening/release' | 'screening/discard'): Promise<void> {
    await this.#act(() => this.#deps.host.request(method, { item: task.id }));
  }

  async #change(guess: Task, request: ChangeRequest): Promise<void> {
    this.#problem = null;
    const made = this.#changes.make(guess, request);
    this.#deps.onChange();
    this.#problem = (await made) ?? this.#problem;
    this.#deps.onChange();
  }

  async #act(action: () => Promise<unknown>): Promise<boolean> {
    this.#problem = null;
    let isDone = true;
    try {
      await action();
    } catch (error) {
      isDone = false;
      this.#problem = sentenceOf(error);
    }
    this.#deps.onChange();
    return isDone;
  }

  /** Answers whether another team's board is shown now. */
  async #loadTeams(): Promise<boolean> {
    const [{ teams, profiles }, { agents }] = await Promise.all([
      this.#deps.host.request('team/list', {}),
      this.#deps.host.request('agent/list', {}),
    ]);
    const before = this.#team.teamId;
    this.#team = boardTeam({ teams, profiles, agents }, this.#saved.teamId);
    return before !== this.#team.teamId;
  }

  async #loadTasks(team: string): Promise<void> {
    await this.#tasks.load(async () => (await this.#deps.host.request('task/list', { team, all: true })).tasks);
  }

  #refreshOpenTask(): void {
    const wanted = this.#tasks.find(this.#saved.openTaskId);
    if (wanted && this.#open.id !== wanted.id) this.#open.show(wanted.id);
    else void this.#open.refresh();
  }

  #taskChanged(task: Task): void {
    if (task.teamId !== this.teamId) return;
    const before = this.#tasks.find(task.id);
    this.#tasks.put(task);
    if (task.id === this.#open.id && before?.comments !== task.comments) void this.#open.refresh();
    this.#deps.onChange();
  }

  /** Who is in the team may have changed, and there may be a first one. */
  async #teamsChanged(): Promise<void> {
    try {
      if (await this.#loadTeams()) await this.load();
    } catch {
      // The next connection reads them anew.
    }
    this.#deps.onChange();
  }

  #connectionChanged(state: ConnectionState): void {
    const before = this.#connection;
    this.#connection = state;
    if (state === 'connected' && before !== 'connected') void this.load();
    this.#deps.onChange();
  }

  #save(changes: Partial<SavedState>): void {
    this.#saved = { ...this.#saved, ...changes };
    this.#deps.save(this.#saved);
    this.#deps.onChange();
  }
}
