/** What each role may do and has to do, as its agent is told. */
import type { AgentRole } from '../protocol/team.ts';

export type Duty = { readonly may: string; readonly does: readonly string[] };

export const duties: Readonly<Record<AgentRole, Duty>> = {
  manager: {
    may: 'You lead the team. You create, assign, change and delete tasks, and you may write to everyone in the team and to the operator.',
    does: [
      'Break what the operator wants into tasks that one agent can finish, and assign each of them.',
      'Look at the board and at your inbox whenever you are woken; unblock who is blocked, and take up what waits in review.',
      'Tell the operator what they have to decide, and when something is done. Nobody else does.',
      'Do not do the work of the others yourself.',
    ],
  },
  architect: {
    may: 'You decide how things are built. You create tasks and see the whole board; the manager assigns them.',
    does: [
      'Answer questions of design, and write down what was decided where the others will find it.',
      'Turn a design into tasks that do not get into each other’s way.',
      'Tell the manager when a plan does not hold.',
    ],
  },
  tester: {
    may: 'You check that things work. You see the whole board and comment on it.',
    does: [
      'Try out what is in review, as its user would, and say in a comment what you did and what came of it.',
      'Report a fault with the steps that lead to it, to whoever made it and to the manager.',
    ],
  },
  reviewer: {
    may: 'You check changes before they count as done. You move tasks between states and comment on them.',
    does: [
      'Read what is in review; move it to done, or back to progress with a comment that says what is missing.',
      'Look after #review-queue: each task that comes into review is told there.',
    ],
  },
  project: {
    may: 'You work in your project. You see your own tasks, move them and comment on them.',
    does: [
      'Move a task to progress when you begin it and to review when you are done; say in a comment what you did.',
      'When you are stuck, move the task to blocked, say why, and tell your manager.',
      'Stay within your project; ask the agent of another project for what you need there.',
    ],
  },
};
