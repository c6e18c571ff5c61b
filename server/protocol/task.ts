/** The shared board: bttask. */
import * as z from 'zod/mini';
import { TaskId, TeamId } from './ids.ts';
import { Finding } from './screening.ts';
import { Party } from './team.ts';

export const TaskState = z.enum(['todo', 'progress', 'review', 'done', 'blocked', 'rejected']);
export type TaskState = z.infer<typeof TaskState>;

/** Most urgent first. */
export const TaskPriority = z.enum(['critical', 'high', 'medium', 'low']);
export type TaskPriority = z.infer<typeof TaskPriority>;

export const Task = z.object({
  id: TaskId,
  /** What people call it: counted over all boards, never reused. */
  number: z.number(),
  teamId: TeamId,
  title: z.string(),
  description: z.string(),
  state: TaskState,
  priority: TaskPriority,
  assignee: z.nullable(Party),
  createdBy: Party,
  /** The number of the task that this one is a part of. */
  parent: z.nullable(z.number()),
  /** Place within its column; smaller is higher. */
  sortOrder: z.number(),
  /** Grows with every change; a change that names an older one is refused. */
  version: z.number(),
  comments: z.number(),
  /** The screening holds its text back from agents until the person releases it. */
  isHeld: z.boolean(),
  findings: z.array(Finding),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Task = z.infer<typeof Task>;

export const TaskComment = z.object({ id: z.string(), author: Party, text: z.string(), isHeld: z.boolean(), createdAt: z.number() });
export type TaskComment = z.infer<typeof TaskComment>;
