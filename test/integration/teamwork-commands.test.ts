import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Task } from '../../server/protocol/task.ts';
import { taskRequests } from '../../server/protocol/task-requests.ts';
import { FakeControl } from '../support/fake-control.ts';
import { sampleMessage, sampleTask } from '../support/protocol-samples.ts';
import { type AgorHome, agorHome, type Finished } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
});
after(() => home.close());

describe('the commands of an agent', () => {
  let control: FakeControl;
  before(async () => {
    control = await new FakeControl().listen();
  });
  after(() => control.close());

  const run = (program: 'btmsg' | 'bttask', args: string[], input = '') => home.run(args, { program, env: control.environment, input });

  it("ask the agent's sidecar, and show their run's token", async () => {
    control.answer = { body: { result: sampleTask({ number: 12, state: 'review', version: 3 }) } };
    const { code, stdout, stderr } = await run('bttask', ['status', '12', 'review', '--version', '2']);
    assert.deepEqual([code, stdout, stderr], [0, 'Task 12 "Sell shoes": review, medium, version 3.\n', '']);
    assert.deepEqual(control.calls.at(-1), {
      path: '/call',
      authorization: 'Bearer token-of-the-run',
      body: { method: 'task/move', params: { task: '12', state: 'review', version: 2 } },
    });
  });

  it('send what stdin brings, and tell of a note', async () => {
    const message = sampleMessage();
    control.answer = { body: { result: { message, note: 'It is asleep.' } } };
    const { stdout } = await run('btmsg', ['send', 'builder', '-', '--json'], 'line one\nline two\n');
    assert.deepEqual(JSON.parse(stdout), { message, note: 'It is asleep.' });
    const params = control.calls.at(-1)?.body.params;
    assert.deepEqual([params?.to, params?.text], ['builder', 'line one\nline two\n']);
  });

  it('succeed when the sidecar took the message for a backend that is away, and say so', async () => {
    control.answer = { body: { result: { queued: true, verified: false, messageId: sampleMessage().id } } };
    const { code, stdout } = await run('btmsg', ['send', 'builder', 'Hi']);
    assert.equal(code, 0);
    assert.match(stdout, /^Queued, unverified: the backend is away;/);
  });

  it('print nothing at all when nothing waits, and just the number where that is asked for', async () => {
    control.answer = { body: { result: { unread: 0, owed: 0 } } };
    assert.deepEqual(await run('btmsg', ['notify']), { code: 0, stdout: '', stderr: '' });
    assert.deepEqual(await run('btmsg', ['unread']), { code: 0, stdout: '0\n', stderr: '' });
  });

  const conflict = 'Task 12 was changed meanwhile: it is version 7 now, you named 5.';
  const failures: [name: string, answer: FakeControl['answer'], expected: Partial<Finished>][] = [
    [
      'a refusal is 1, with its sentence',
      { status: 409, body: { error: conflict, code: 'conflict' } },
      { code: 1, stderr: `error: ${conflict}\n` },
    ],
    [
      'a token that is no longer good is 1',
      { status: 401, body: { error: 'The token is wrong.' } },
      { code: 1, stderr: 'error: The token is wrong.\n' },
    ],
    ['a backend that is away is 3', { status: 503, body: { error: 'The backend is away.', code: 'unavailable' } }, { code: 3 }],
    ['an answer that is none is 1', { status: 200, body: '<html>' }, { code: 1 }],
    ['an answer of another shape is 1', { body: { result: { number: 'twelve' } } }, { code: 1 }],
    ['an error of an unknown kind is 1', { status: 418, body: { error: 'No.', code: 'teapot' } }, { code: 1, stderr: 'error: No.\n' }],
    [
      'no escape sequence gets through',
      { status: 400, body: { error: 'a\u001b[2Jb', code: 'badRequest' } },
      { code: 1, stderr: 'error: ab\n' },
    ],
  ];
  for (const [name, answer, expected] of failures)
    it(name, async () => {
      control.answer = answer;
      const finished = await run('bttask', ['show', '12']);
      assert.deepEqual({ ...finished, ...expected }, finished);
      assert.equal(finished.stdout, '');
      assert.match(finished.stderr, /^error: .*\n$/);
    });

  it('give a failure as a document where that is asked for', async () => {
    control.answer = { status: 409, body: { error: conflict, code: 'conflict' } };
    const { code, stdout, stderr } = await run('bttask', ['show', '12', '--json']);
    assert.deepEqual([code, JSON.parse(stdout), stderr], [1, { error: { code: 'conflict', message: conflict } }, '']);
  });

  it('say that nobody answers when the socket is gone', async () => {
    const env = { ...control.environment, AGOR_CONTROL_SOCKET: `${control.socketPath}.gone` };
    const { code, stderr } = await home.run(['inbox'], { program: 'btmsg', env });
    assert.equal(code, 3);
    assert.match(stderr, /sidecar cannot be reached \(.*ENOENT/);
  });

  it('do not take an agent with half of its pass for the person', async () => {
    const { code, stderr } = await home.run(['list'], { program: 'bttask', env: { AGOR_RUN_TOKEN: 'token' } });
    assert.equal(code, 1);
    assert.match(stderr, /An agent has both, a person has neither/);
  });

  it('know wrong usage, help and version without asking anybody', async () => {
    const before = control.calls.length;
    assert.equal((await run('bttask', ['status', '12', 'finished'])).code, 2);
    assert.equal((await run('btmsg', ['send'])).code, 2);
    assert.equal((await run('btmsg', [])).code, 2);
    assert.match((await run('btmsg', ['--help'])).stdout, /btmsg reply/);
    assert.match((await run('bttask', ['--version'])).stdout, /^bttask \d/);
    assert.equal(control.calls.length, before);
  });
});

describe('the board of the person', () => {
  const bttask = (args: string[]) => home.run(args, { program: 'bttask' });
  before(async () => {
    await home.json(['project', 'add', '.']);
    await home.json(['agent', 'add', 'builder', '--provider', 'demo']);
  });

  it('is filled, worked on and emptied', async () => {
    const added = await bttask(['add', 'Sell shoes', '--priority', 'high', '--assign', 'builder', '--json']);
    const { number, assignee, version } = Task.parse(JSON.parse(added.stdout));
    assert.deepEqual([number, assignee?.name, version], [1, 'builder', 1]);
    assert.match((await bttask(['add', 'Count them', '--parent', '1'])).stdout, /^Added\. Task 2 "Count them": todo/);
    assert.equal((await bttask(['status', '1', 'review'])).code, 0);
    assert.equal((await bttask(['comment', '1', 'Please look.'])).code, 0);
    const shown = taskRequests['task/show'].result.parse(JSON.parse((await bttask(['show', '#1', '--json'])).stdout));
    assert.deepEqual(
      [shown.task.state, shown.comments.map(({ text }) => text), shown.parts.map((part) => part.number)],
      ['review', ['Please look.'], [2]],
    );
    const { stdout } = await bttask(['board']);
    assert.match(stdout, /^TODO \(1\)\n {2}#2 Count them \(of #1\)\n\nREVIEW \(1\)\n {2}#1 Sell shoes \(high, builder, 1 comment\)\n$/);
    assert.equal((await bttask(['delete', '1'])).code, 0);
    assert.match((await bttask(['list'])).stdout, /^NO .*\n2 +todo +medium +Count them\n$/);
  });

  it('refuses a change of an old version with the one there is', async () => {
    await bttask(['edit', '2', '--priority', 'low']);
    const { code, stderr } = await bttask(['status', '2', 'done', '--version', '1']);
    assert.equal(code, 1);
    assert.match(stderr, /Task 2 was changed meanwhile \(by person, .*it is version \d now, you named 1\. Look at it with "bttask show 2"/);
  });
});

describe('the mail of the person', () => {
  const btmsg = async (...args: string[]) => (await home.run(args, { program: 'btmsg' })).stdout;

  it('goes to the agents of the project that they are in', async () => {
    assert.match(await btmsg('send', 'builder', 'Which', 'port?', '--no-reply'), /^Sent to builder \([0-9a-f]{8}\)\.\n/);
    assert.match(await btmsg('history', 'builder'), /person to builder, .*\n\| Which port\?\n$/);
    assert.match(await btmsg('status'), /^NAME .*\nbuilder +project +2 +project/);
    assert.match(await btmsg('graph'), /^◆ person\n└─ . builder project/);
    assert.match(await btmsg('whoami'), /^name +person\n/);
  });

  it('holds what the board had to say: to whom a task was given, and what is ready for review', async () => {
    assert.match(await btmsg('history', 'builder'), /\| Task 1 "Sell shoes" is assigned to you now, priority high\./);
    assert.match(await btmsg('channel', 'history', 'review-queue'), /\| Task 1 "Sell shoes" is ready for review, by person\.\n$/);
  });

  it('is neither lost nor sent to somebody whom nobody knows', async () => {
    const { code, stderr } = await home.run(['send', 'nobody', 'Hi'], { program: 'btmsg' });
    assert.equal(code, 1);
    assert.match(stderr, /nobody/);
    assert.deepEqual(await home.json(['dead-letters', 'list']), { deadLetters: [] });
  });
});
