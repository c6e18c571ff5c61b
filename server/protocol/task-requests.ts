/** What may be asked about tasks: the verbs of `bttask`. A task goes by its number, or by a part of its id. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { Reference } from './ids.ts';
import { Task, TaskComment, TaskPriority, TaskState } from './task.ts';

const task = Reference;
/** The version that the caller saw: another one now, and nothing is changed. Without it, the change goes on top of whatever there is. */
const version = z.optional(z.number());
const title = z.string().check(z.trim(), z.minLength(1, 'a title is expected'), z.maxLength(limits.taskTitleChars));
const team = z.optional(Reference);

export const taskRequests = {
  /** By priority, then place. Without `all`, what is done or rejected is left out. */
  'task/list': {
    params: z.object({ team, all: z.optional(z.boolean()), state: z.optional(TaskState), assignee: z.optional(Reference) }),
    result: z.object({ tasks: z.array(Task) }),
  },
  'task/add': {
    params: z.object({
      title,
      team,
      description: z.optional(z.string()),
      priority: z.optional(TaskPriority),
      parent: z.optional(Reference),
      assign: z.optional(Reference),
    }),
    result: Task,
  },
  /** What is absent stays; `parent: null` makes it a task of its own. */
  'task/edit': {
    params: z.object({
      task,
      version,
      title: z.optional(title),
      description: z.optional(z.string()),
      priority: z.optional(TaskPriority),
      parent: z.optional(z.nullable(Reference)),
    }),
    result: Task,
  },
  /** Null: nobody's. The new assignee gets a message. */
  'task/assign': { params: z.object({ task, to: z.nullable(Reference), version }), result: Task },
  /** `before`: its place in the column, above that task; without it, at the end. To `review` it is told in `#review-queue`. */
  'task/move': { params: z.object({ task, state: TaskState, version, before: z.optional(Reference) }), result: Task },
  'task/comment': { params: z.object({ task, text: z.string() }), result: TaskComment },
  'task/show': { params: z.object({ task }), result: z.object({ task: Task, comments: z.array(TaskComment), parts: z.array(Task) }) },
  'task/remove': { params: z.object({ task, version }), result: z.object({}) },
} as const;
