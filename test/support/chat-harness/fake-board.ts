/** The board's page with VS Code and the backend played by `window.board`. */
import { Agent } from '../../../server/protocol/agent.ts';
import { boardTexts } from '../../../server/protocol/board-texts.ts';
import { Task, TaskComment } from '../../../server/protocol/task.ts';
import { Team } from '../../../server/protocol/team.ts';
import type { ToWebview } from '../../../server/protocol/webview.ts';
import {
  manyTasks,
  parties,
  person,
  sampleAgents,
  sampleComments,
  sampleProfile,
  sampleTask,
  sampleTasks,
  sampleTeam,
  teamId,
} from './board-data.ts';
import { FakePanel, installPanel } from './fake-panel.ts';
import { hostile } from './hostile.ts';
import { id } from './sample-data.ts';

export class FakeBoard extends FakePanel {
  teams: Team[] = [sampleTeam()];
  tasks: Task[] = sampleTasks();
  comments: TaskComment[] = sampleComments();

  #agents: Agent[] = sampleAgents();

  override fill(text: string): void {
    this.teams = this.teams.map((team) => hostile(Team, team, text));
    this.tasks = sampleTasks().map((task) => hostile(Task, task, text));
    this.comments = sampleComments().map((comment) => hostile(TaskComment, comment, text));
    this.#agents = sampleAgents().map((agent) => hostile(Agent, agent, text));
    for (const state of ['away', 'connected'] as const) this.connection(state);
    this.tell({ type: 'showTask', teamId, taskId: this.#task('#4').id, takesKeyboard: false });
  }

  /** Another window, or an agent, changes a task. */
  change(number: number, changes: Partial<Task>): void {
    const task = this.#put({ ...this.#task(`#${number}`), ...changes });
    this.notify('task/changed', { task });
  }

  protected override welcome(): ToWebview {
    return { type: 'init', version: 1, agentId: null, sessionId: null, connection: 'connected', texts: { ...boardTexts } };
  }

  protected override result(method: string, params: Record<string, unknown>): unknown {
    if (method === 'team/list') return { teams: this.teams, profiles: parties.map((_, index) => sampleProfile(index + 1)), teammates: [] };
    if (method === 'agent/list') return { agents: this.#agents };
    if (method === 'task/list') return { tasks: params.team === teamId ? this.tasks : [] };
    if (method === 'task/add') return this.#add(params);
    if (method === 'task/remove') return this.#remove(String(params.task));
    const task = this.#task(String(params.task ?? params.item));
    if (method === 'task/show') return { task, comments: task.comments > 0 ? this.comments : [], parts: [] };
    if (method === 'task/comment') return this.#comment(task, String(params.text));
    if (method === 'task/move') return this.#put({ ...task, state: params.state as Task['state'], sortOrder: this.#orderBefore(params) });
    if (method === 'task/assign') return this.#put({ ...task, assignee: parties.find((party) => party.id === params.to) ?? null });
    if (method === 'task/edit') return this.#put({ ...task, ...params, version: task.version } as Task);
    return {};
  }

  #task(reference: string): Task {
    const task = this.tasks.find((candidate) => candidate.id === reference || `#${candidate.number}` === reference);
    if (!task) throw new Error(`There is no task ${reference}.`);
    return task;
  }

  #put(task: Task): Task {
    const changed = { ...task, version: task.version + 1, updatedAt: Date.now() };
    this.tasks = this.tasks.map((known) => (known.id === task.id ? changed : known));
    return changed;
  }

  #add({ title, description, priority, assign }: Record<string, unknown>): Task {
    const number = this.tasks.length + 1;
    const assignee = parties.find((party) => party.id === assign) ?? null;
    const draft = { title: String(title), description: String(description ?? ''), priority: priority as Task['priority'] };
    const task = sampleTask(number, { ...draft, state: 'todo', assignee, createdBy: person, updatedAt: Date.now() });
    this.tasks = [...this.tasks, task];
    return task;
  }

  #remove(reference: string): object {
    this.tasks = this.tasks.filter((task) => task.id !== reference);
    return {};
  }

  #comment(task: Task, text: string): TaskComment {
    this.#put({ ...task, comments: task.comments + 1 });
    return { id: id('c033', 100 + task.comments), author: person, text, isHeld: false, createdAt: Date.now() };
  }

  #orderBefore({ state, before }: Record<string, unknown>): number {
    const column = this.tasks.filter((task) => task.state === state).sort((a, b) => a.sortOrder - b.sortOrder);
    const index = column.findIndex((task) => task.id === before);
    if (index < 0) return (column.at(-1)?.sortOrder ?? 0) + 1;
    return ((column[index - 1]?.sortOrder ?? 0) + (column[index]?.sortOrder ?? 0)) / 2;
  }
}

declare global {
  interface Window {
    board: FakeBoard;
  }
}

window.board = new FakeBoard();
installPanel(window.board, 'agor.board.state');
const given = new URLSearchParams(location.search);
if (given.has('many')) window.board.tasks = manyTasks(Number(given.get('many')));
if (given.has('empty')) window.board.tasks = [];
if (given.has('noTeam')) window.board.teams = [];
if (given.has('teams')) window.board.teams = [sampleTeam(), { ...sampleTeam(), id: id('7ea4', 2), name: 'website' }];
if (given.has('fails')) window.board.refusals.set('task/list', 'The database of tasks is damaged. Run "agor recover".');
