/** `bttask`: the shared board. */
import { Argument, type Command, Option } from 'commander';
import { limits } from '../../protocol/errors.ts';
import { TaskPriority, TaskState } from '../../protocol/task.ts';
import { addGlobalOptions } from '../command-group.ts';
import { UsageError } from '../exit-codes.ts';
import { newProgram } from '../new-program.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { givenText } from '../prompt-text.ts';
import { boardLines } from './board.ts';
import type { AtDesk, Desk } from './desk.ts';
import { taskLine, taskLines, taskTable } from './task-text.ts';
import { given, textFrom } from './typed.ts';
import { teamed, textArgument, verb, versionOption } from './verbs.ts';

type Where = { readonly team?: string };
type ListOptions = Where & { readonly all?: boolean; readonly state?: TaskState; readonly assignee?: string };
type Version = { readonly version?: number };
type MoveOptions = Version & { readonly before?: string };
type Fields = { readonly description?: string; readonly priority?: TaskPriority; readonly parent?: string };
type EditOptions = Fields & Version & { readonly title?: string };
type AddOptions = Fields & Where & { readonly assign?: string };

const help = `
A task goes by its number, or by a part of its id. States: todo, progress, review, done, blocked, rejected.
With --version a change is refused when somebody else changed the task since; look again, then try again.

Examples:
  bttask add "Sell shoes online" --priority high --assign builder
  bttask status 12 review
  bttask comment 12 "The tests pass; please look at the price first."

Exit codes: 0 done; 1 refused or failed, with the reason; 2 wrong usage; 3 nobody answers.`;

export function makeBttask(at: AtDesk): Command {
  const program = newProgram('bttask', { description: 'The board that a team of agents and their person share.', help });
  addReading(program, at);
  addPlanning(program, at);
  addWorking(program, at);
  addGlobalOptions(program);
  return program;
}

function addReading(program: Command, at: AtDesk): void {
  teamed(verb(program, 'list', 'List the tasks that are not closed.'))
    .option('-a, --all', 'those that are done or rejected too')
    .addOption(new Option('-s, --state <state>', 'only those in this state').choices(TaskState.options))
    .option('--assignee <who>', 'only those of this agent, or of "person"')
    .action(at(list));
  teamed(verb(program, 'board', 'Show the board by columns.')).action(at(board));
  onTask(program, 'show', 'Show a task with its comments and parts.').action(at(show));
  verb(program, 'priorities', 'List the priorities, the most urgent first.').action(at(priorities));
}

function addPlanning(program: Command, at: AtDesk): void {
  const add = verb(program, 'add', 'Add a task.').argument('<title...>', 'its title');
  teamed(fieldOptions(add).option('--assign <agent>', 'whose it is')).action(at(addTask));
  const edit = onTask(program, 'edit', 'Change what a task says.').option('-t, --title <title>', 'its title');
  fieldOptions(edit).addOption(versionOption()).action(at(editTask));
  onTask(program, 'assign', 'Give a task to an agent, who gets a message.')
    .argument('<agent>', 'an agent, "person", or "none"')
    .addOption(versionOption())
    .action(at(assign));
  onTask(program, 'delete', 'Delete a task. Its parts become tasks of their own.').addOption(versionOption()).action(at(remove));
}

function addWorking(program: Command, at: AtDesk): void {
  onTask(program, 'status', 'Move a task to another state.')
    .addArgument(new Argument('<state>', 'where to').choices(TaskState.options))
    .option('--before <task>', 'place it above this one, instead of at the end')
    .addOption(versionOption())
    .action(at(move));
  onTask(program, 'comment', 'Say something about a task.').addArgument(textArgument()).allowUnknownOption().action(at(comment));
}

function onTask(program: Command, name: string, does: string): Command {
  return verb(program, name, does).argument('<task>', 'its number, or a part of its id');
}

function fieldOptions(command: Command): Command {
  return command
    .option('-d, --description <text>', 'what is to be done; "-" reads it from stdin')
    .addOption(new Option('-p, --priority <priority>', 'how urgent it is').choices(TaskPriority.options))
    .option('--parent <task>', 'the task that it is a part of, or "none"');
}

async function list(desk: Desk, { team, all, state, assignee }: ListOptions): Promise<Outcome> {
  const { tasks } = await desk.door.call('task/list', { ...(await desk.team(team)), ...given({ all, state, assignee }) });
  const none = 'There is no such task. Add one with: bttask add "What is to be done"';
  return { json: { tasks }, lines: (style) => (tasks.length === 0 ? [none] : taskTable(tasks, style)) };
}

async function board(desk: Desk, { team }: Where): Promise<Outcome> {
  const { tasks } = await desk.door.call('task/list', { ...(await desk.team(team)), all: true });
  const none = 'The board is empty. Add a task with: bttask add "What is to be done"';
  return { json: { tasks }, lines: (style) => (tasks.length === 0 ? [none] : boardLines(tasks, { columns: desk.columns, style })) };
}

async function show(desk: Desk, task: string): Promise<Outcome> {
  const shown = await desk.door.call('task/show', { task });
  return { json: shown, lines: (style) => taskLines(shown, desk.now, style) };
}

async function priorities(): Promise<Outcome> {
  return { json: { priorities: TaskPriority.options }, lines: () => TaskPriority.options };
}

async function addTask(desk: Desk, title: readonly string[], { team, parent, ...options }: AddOptions): Promise<Outcome> {
  const description = await descriptionOf(desk, options);
  const place = parent === undefined || parent === 'none' ? {} : { parent };
  const fields = { ...given({ priority: options.priority, assign: options.assign }), ...description, ...place };
  const task = await desk.door.call('task/add', { title: title.join(' '), ...(await desk.team(team)), ...fields });
  return { json: task, lines: () => [`Added. ${taskLine(task)}`] };
}

async function editTask(desk: Desk, task: string, { parent, ...options }: EditOptions): Promise<Outcome> {
  const description = await descriptionOf(desk, options);
  const place = parent === undefined ? {} : { parent: parent === 'none' ? null : parent };
  const { title, priority, version } = options;
  const fields = { ...given({ title, priority }), ...description, ...place };
  if (Object.keys(fields).length === 0) throw new UsageError('Nothing to change was named: give a title, description, priority or parent.');
  const edited = await desk.door.call('task/edit', { task, ...fields, ...given({ version }) });
  return { json: edited, lines: () => [taskLine(edited)] };
}

async function descriptionOf({ stdin }: Desk, { description }: Fields): Promise<{ description?: string }> {
  if (description !== '-') return given({ description });
  return { description: await givenText(['-'], stdin, { what: 'The description', maxBytes: limits.taskTextBytes }) };
}

async function assign(desk: Desk, task: string, agent: string, { version }: Version): Promise<Outcome> {
  const assigned = await desk.door.call('task/assign', { task, to: agent === 'none' ? null : agent, ...given({ version }) });
  return { json: assigned, lines: () => [taskLine(assigned)] };
}

async function move(desk: Desk, task: string, state: TaskState, { version, before }: MoveOptions): Promise<Outcome> {
  const moved = await desk.door.call('task/move', { task, state, ...given({ version, before }) });
  return { json: moved, lines: () => [taskLine(moved)] };
}

async function comment(desk: Desk, task: string, words: readonly string[]): Promise<Outcome> {
  const commented = await desk.door.call('task/comment', { task, text: await textFrom(desk, words, 'comment') });
  const said = commented.isHeld ? 'Kept, but held back until the person releases it.' : `Commented on task ${oneLine(task, 40)}.`;
  return { json: commented, lines: () => [said] };
}

async function remove(desk: Desk, task: string, { version }: Version): Promise<Outcome> {
  await desk.door.call('task/remove', { task, ...given({ version }) });
  return { json: {}, lines: () => [`Deleted task ${oneLine(task, 40)}.`] };
}
