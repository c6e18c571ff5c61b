import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Deed, mayDo, type Standing, type Tie } from '../../../server/tasks/task-rules.ts';

const standings = {
  person: { role: 'admin', hasManager: true },
  manager: { role: 'manager', hasManager: true },
  architect: { role: 'architect', hasManager: true },
  assistant: { role: 'assistant', hasManager: true },
  reviewer: { role: 'reviewer', hasManager: true },
  tester: { role: 'tester', hasManager: true },
  worker: { role: 'project', hasManager: true },
  'worker without a manager': { role: 'project', hasManager: false },
} as const satisfies Record<string, Standing>;
type Who = keyof typeof standings;

const everyone = Object.keys(standings);
const leads: Who[] = ['person', 'manager'];
const planners: Who[] = [...leads, 'architect', 'assistant', 'worker without a manager'];
const closers: Who[] = [...leads, 'reviewer'];
const all: Who[] = [...planners, 'reviewer', 'tester'];

const none: Tie = { isAssignee: false, isCreator: false };
const assigned: Tie = { isAssignee: true, isCreator: false };
const created: Tie = { isAssignee: false, isCreator: true };
const move = (from: 'todo' | 'progress' | 'review' | 'done', to: 'progress' | 'review' | 'blocked' | 'done' | 'rejected'): Deed => ({
  does: 'move',
  from,
  to,
});

const table: [name: string, deed: Deed, tie: Tie, may: readonly string[]][] = [
  ["see another's task", { does: 'see' }, none, all],
  ['see a task assigned to it', { does: 'see' }, assigned, everyone],
  ['see a task that it added', { does: 'see' }, created, everyone],
  ["comment on another's task", { does: 'comment' }, none, all],
  ['comment on a task assigned to it', { does: 'comment' }, assigned, everyone],
  ['add a task', { does: 'add' }, none, planners],
  ["edit another's task", { does: 'edit' }, none, leads],
  ['edit a task assigned to it', { does: 'edit' }, assigned, leads],
  ['edit a task that it added', { does: 'edit' }, created, planners],
  ['remove a task that it added', { does: 'remove' }, created, leads],
  ['assign a task to another', { does: 'assign', to: 'another' }, created, leads],
  ['assign a task to itself', { does: 'assign', to: 'itself' }, none, [...leads, 'worker without a manager']],
  ['give its task back', { does: 'assign', to: 'nobody' }, assigned, [...leads, 'worker without a manager']],
  ["take another's task away", { does: 'assign', to: 'nobody' }, none, leads],
  ["begin another's task", move('todo', 'progress'), none, [...planners, 'reviewer']],
  ['begin a task that it only added', move('todo', 'progress'), created, [...planners, 'reviewer']],
  ['begin a task assigned to it', move('todo', 'progress'), assigned, everyone],
  ['hand a task assigned to it to review', move('progress', 'review'), assigned, everyone],
  ['say that a task assigned to it is blocked', move('progress', 'blocked'), assigned, everyone],
  ['call a task assigned to it done', move('review', 'done'), assigned, closers],
  ['reject a task assigned to it', move('review', 'rejected'), assigned, closers],
  ['take a task assigned to it back from done', move('done', 'progress'), assigned, closers],
  ['find another place for a done task', move('done', 'done'), assigned, everyone],
];

describe('on a board', () => {
  for (const [who, standing] of Object.entries(standings)) {
    for (const [name, deed, tie, may] of table) {
      it(`a ${who} may${may.includes(who) ? '' : ' not'} ${name}`, () => {
        const refusal = mayDo(standing, deed, tie);
        assert.equal(refusal === null, may.includes(who), String(refusal));
        if (refusal !== null) assert.match(refusal, /the person|The person/, 'it says who may');
      });
    }
  }
});
