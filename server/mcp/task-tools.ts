/** The tools for the team's board: bttask. */
import * as z from 'zod/mini';
import { Reference } from '../protocol/ids.ts';
import { type Task, TaskPriority, TaskState } from '../protocol/task.ts';
import { ask, type Tool, tool } from './tool.ts';
import { commentText, quoted, taskLine } from './written.ts';

const id = Reference.check(z.describe('Number of the task, like 12.'));
const version = z.optional(
  z.number().check(z.describe('The version that you saw: if someone has changed the task since, nothing happens and you are told.')),
);
const agent = Reference.check(z.describe('Name of an agent.'));

export const taskTools: readonly Tool[] = [
  tool({
    name: 'list_tasks',
    description: 'The tasks of your team that are not done or rejected; with all, those too.',
    takes: { all: z.optional(z.boolean()), state: z.optional(TaskState), assignee: z.optional(agent) },
    isReading: true,
    run: async (call, given) => {
      const { tasks } = await ask(call, 'task/list', given);
      return tasks.map(taskLine).join('\n') || 'No tasks.';
    },
  }),
  tool({
    name: 'show_task',
    description: 'One task whole, with its comments and its parts.',
    takes: { id },
    isReading: true,
    run: async (call, { id: task }) => {
      const { task: found, comments, parts } = await ask(call, 'task/show', { task });
      const shown = [
        taskLine(found),
        ...(found.description === '' ? [] : [quoted(found.description)]),
        ...(parts.length === 0 ? [] : [`Parts:\n${parts.map(taskLine).join('\n')}`]),
        ...comments.map(commentText),
      ];
      return shown.join('\n\n');
    },
  }),
  tool({
    name: 'add_task',
    description: 'Put a task on the board of your team.',
    takes: {
      title: z.string(),
      description: z.optional(z.string()),
      priority: z.optional(TaskPriority),
      parent: z.optional(Reference.check(z.describe('Number of the task that this one is a part of.'))),
      assign: z.optional(agent),
    },
    run: async (call, given) => changed('Added', await ask(call, 'task/add', given)),
  }),
  tool({
    name: 'assign_task',
    description: 'Give a task to an agent, who gets a message; without to, it is nobody’s.',
    takes: { id, to: z.optional(agent), version },
    run: async (call, { id: task, to, version }) => changed('Now', await ask(call, 'task/assign', { task, to: to ?? null, version })),
  }),
  tool({
    name: 'move_task',
    description: 'Change the state of a task. "review" asks the team’s reviewers to look at it.',
    takes: { id, state: TaskState, version },
    run: async (call, { id: task, state, version }) => changed('Now', await ask(call, 'task/move', { task, state, version })),
  }),
  tool({
    name: 'comment_task',
    description: 'Write under a task.',
    takes: { id, text: z.string() },
    run: async (call, { id: task, text }) => {
      const { isHeld } = await ask(call, 'task/comment', { task, text });
      return isHeld ? 'Written, and held back until the person releases it.' : 'Written.';
    },
  }),
];

function changed(word: string, task: Task): string {
  return `${word} ${taskLine(task)}`;
}
