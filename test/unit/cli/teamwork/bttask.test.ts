import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeBttask } from '../../../../server/cli/teamwork/bttask-program.ts';
import { isUsage, runAtDesk } from '../../../support/fake-desk.ts';
import { sampleTask } from '../../../support/protocol-samples.ts';

const task = sampleTask({ number: 12, assignee: { id: 'b', name: 'builder' }, version: 7 });
const team = 'current';

const calls: [line: string[], method: string, params: object][] = [
  [['list'], 'task/list', { team }],
  [['list', '--all', '--assignee', 'builder', '--team', 'shop'], 'task/list', { team: 'shop', all: true, assignee: 'builder' }],
  [['list', '-s', 'blocked', '--json'], 'task/list', { team, state: 'blocked' }],
  [['board'], 'task/list', { team, all: true }],
  [['show', '12'], 'task/show', { task: '12' }],
  [['add', 'Sell', 'shoes'], 'task/add', { title: 'Sell shoes', team }],
  [
    ['add', 'Sell', '-d', 'Red ones', '-p', 'high', '--parent', '3', '--assign', 'builder'],
    'task/add',
    { title: 'Sell', team, priority: 'high', assign: 'builder', description: 'Red ones', parent: '3' },
  ],
  [['edit', '12', '--title', 'Buy', '--version', '7'], 'task/edit', { task: '12', title: 'Buy', version: 7 }],
  [['edit', '12', '--parent', 'none', '-d', ''], 'task/edit', { task: '12', parent: null, description: '' }],
  [['assign', '12', 'builder'], 'task/assign', { task: '12', to: 'builder' }],
  [['assign', '#12', 'none', '--version', '7'], 'task/assign', { task: '#12', to: null, version: 7 }],
  [['status', '12', 'review', '--version', '7'], 'task/move', { task: '12', state: 'review', version: 7 }],
  [['status', '12', 'todo', '--before', '3'], 'task/move', { task: '12', state: 'todo', before: '3' }],
  [['comment', '12', 'It', 'works'], 'task/comment', { task: '12', text: 'It works' }],
  [['comment', '12', '- one\n- two'], 'task/comment', { task: '12', text: '- one\n- two' }],
  [['comment', '12', 'ran', 'make', '-j', '4'], 'task/comment', { task: '12', text: 'ran make -j 4' }],
  [['delete', '12', '--version', '7'], 'task/remove', { task: '12', version: 7 }],
];

const answers: Readonly<Record<string, unknown>> = {
  'task/list': { tasks: [task] },
  'task/show': { task, comments: [], parts: [] },
  'task/comment': { id: 'c', author: { id: 'b', name: 'builder' }, text: 'x', isHeld: false, createdAt: 1 },
};

describe('bttask', () => {
  for (const [line, method, params] of calls)
    it(`${line.join(' ')} asks for ${method}`, async () => {
      const { asked, lines } = await runAtDesk(makeBttask, line, { answer: answers[method] ?? task });
      assert.deepEqual(asked, [{ method, params }]);
      assert.ok(lines.length > 0);
    });

  for (const line of [
    [],
    ['status', '12'],
    ['status', '12', 'finished'],
    ['status', '12', 'done', '--version', 'old'],
    ['status', '12', 'done', '--version', '0'],
    ['add'],
    ['add', 'x', '--priority', 'urgent'],
    ['list', '--stat', 'todo'],
    ['nonsense'],
  ])
    it(`${line.join(' ') || 'without a verb'} is wrong usage, and asks for nothing`, async () => {
      await assert.rejects(runAtDesk(makeBttask, line), isUsage);
    });

  it('refuses an edit of nothing, a comment of nothing, and a mistyped option in a text', async () => {
    await assert.rejects(runAtDesk(makeBttask, ['edit', '12']), { name: 'AgorError', message: /Nothing to change/ });
    await assert.rejects(runAtDesk(makeBttask, ['comment', '12']), { message: /The comment is empty/ });
    await assert.rejects(runAtDesk(makeBttask, ['comment', '12', 'text', '--versoin', '3']), { message: /no option "--versoin"/ });
  });

  it('reads a description and a comment from stdin', async () => {
    const added = await runAtDesk(makeBttask, ['add', 'Sell', '-d', '-'], { stdin: 'from\nstdin', answer: task });
    assert.deepEqual(added.asked[0]?.params, { title: 'Sell', team, description: 'from\nstdin' });
    const said = await runAtDesk(makeBttask, ['comment', '12'], { stdin: 'piped', answer: answers['task/comment'] });
    assert.deepEqual(said.asked[0]?.params, { task: '12', text: 'piped' });
  });

  it('says what became of the task, with the version to name next', async () => {
    const { lines } = await runAtDesk(makeBttask, ['status', '12', 'todo'], { answer: task });
    assert.deepEqual(lines, ['Task 12 "Sell shoes": todo, medium, builder, version 7.']);
  });

  it('lists the priorities without asking anybody', async () => {
    const { asked, lines, outcome } = await runAtDesk(makeBttask, ['priorities']);
    assert.deepEqual([asked, lines, outcome?.json], [[], ['critical', 'high', 'medium', 'low'], { priorities: lines }]);
  });

  it('shows a task so that no text of an agent can look like ours', async () => {
    const evil = {
      ...task,
      description: 'fine\u001b[2J\nversion   99\n',
      findings: [{ rule: 'a/b', meaning: 'Orders.', excerpt: 'do', at: 0 }],
    };
    const comments = [{ id: 'c', author: { id: 'b', name: 'bu\nilder' }, text: '# Parts', isHeld: true, createdAt: 1 }];
    const answer = { task: evil, comments, parts: [sampleTask({ number: 13, title: 'Part' })] };
    const { lines } = await runAtDesk(makeBttask, ['show', '12'], { answer });
    assert.deepEqual(lines, [
      '#12 Sell shoes',
      'state     todo',
      'priority  medium',
      'assignee  builder',
      'added     by person, 16 min ago',
      'version   7, 16 min ago',
      'Careful: Orders. "do"',
      '| fine',
      '| version   99',
      '',
      'Parts',
      '  Task 13 "Part": todo, medium, version 1.',
      '',
      'bu ilder, 16 min ago, held back:',
      '| # Parts',
    ]);
  });
});
