import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { ApprovalId, PromptId } from '../../../server/protocol/ids.ts';
import { killed, runnerWorld as setUp, types, wish } from '../../support/runner-world.ts';

test('opening the same session again changes nothing; opening another ends the program first', async () => {
  const { adapters, runner } = setUp();
  const first = wish();
  const opened = await runner.open(first);
  assert.deepEqual(await runner.open(first), opened);
  assert.equal(adapters.length, 1);
  await runner.open(wish());
  assert.equal(adapters.length, 2);
  assert.equal(adapters[0]?.stops, 1);
});

test('a prompt runs once, however often it is given', async () => {
  const { adapters, runner } = setUp();
  await runner.open(wish());
  const promptId = newId<PromptId>();
  await Promise.all([runner.prompt({ promptId, text: 'a' }), runner.prompt({ promptId, text: 'a' })]);
  adapters[0]?.endTurn('completed');
  await runner.prompt({ promptId, text: 'a' });
  assert.deepEqual(adapters[0]?.prompts, ['a']);
});

test('a prompt without a session is refused', async () => {
  const { runner } = setUp();
  await assert.rejects(runner.prompt({ promptId: newId<PromptId>(), text: 'a' }), { code: 'conflict' });
});

test('after the program ended by itself the next prompt starts it again, in its session and with its secrets', async () => {
  const { adapters, changes, events, runner } = setUp();
  await runner.open(wish({ KEY: 'k' }));
  await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  adapters[0]?.context.onExit('it was killed', killed);
  await runner.prompt({ promptId: newId<PromptId>(), text: 'b' });
  assert.deepEqual(adapters[1]?.opened, { providerSessionId: 'theirs', model: null, usage: null });
  assert.deepEqual(adapters[1]?.secrets, { KEY: 'k' });
  assert.deepEqual(
    changes.map(({ programPid }) => programPid),
    [null, 42],
  );
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'turnEnded crashed', 'programEnded', 'sessionOpened', 'turnStarted']);
});

test('a program that cannot be started again makes a failed turn that says why', async () => {
  const { adapters, events, runner } = setUp((adapter, index) => {
    if (index > 0) adapter.openFailure = new AgorError('agentFailed', 'No such program: x.');
  });
  await runner.open(wish());
  adapters[0]?.context.onExit('it was killed', killed);
  await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  assert.deepEqual(types(events), ['sessionOpened', 'programEnded', 'turnStarted', 'turnEnded failed']);
  const ended = events.at(-1);
  assert.equal(ended?.type === 'turnEnded' && ended.failure?.message, 'No such program: x.');
});

test('a prompt that the agent does not take makes a failed turn, and is not tried again', async () => {
  const { adapters, events, runner } = setUp((adapter) => {
    adapter.promptFailure = new Error('401 invalid api key');
  });
  await runner.open(wish());
  const promptId = newId<PromptId>();
  await runner.prompt({ promptId, text: 'a' });
  await runner.prompt({ promptId, text: 'a' });
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'turnEnded failed']);
  const ended = events.at(-1);
  assert.equal(ended?.type === 'turnEnded' && ended.failure?.type, 'auth');
  assert.equal(adapters.length, 1);
});

test('a prompt refused while another turn runs leaves that turn alone and may be given again', async () => {
  const { adapters, events, runner } = setUp();
  await runner.open(wish());
  await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  const [adapter] = adapters;
  assert.ok(adapter);
  adapter.promptFailure = new AgorError('conflict', 'It works on a turn.');
  const promptId = newId<PromptId>();
  await assert.rejects(runner.prompt({ promptId, text: 'b' }), { code: 'conflict' });
  adapter.promptFailure = undefined;
  adapter.endTurn('completed');
  await runner.prompt({ promptId, text: 'b' });
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'turnEnded completed', 'turnStarted']);
});

test('stopping denies what is asked, ends the turn and the program, and takes nothing afterwards', async () => {
  const { adapters, events, runner } = setUp();
  await runner.open(wish());
  await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  const approvalId = newId<ApprovalId>();
  adapters[0]?.context.emit({ type: 'permissionAsked', approvalId, toolItemId: null, request });
  await runner.stop({ denial: 'nobody is there' });
  assert.deepEqual(adapters[0]?.answers, [approvalId]);
  assert.deepEqual(types(events).slice(2), ['permissionAsked', 'permissionWithdrawn', 'turnEnded interrupted']);
  assert.equal(adapters[0]?.stops, 1);
  await assert.rejects(runner.open(wish()), { code: 'unavailable' });
});

const request = {
  title: 'Run it',
  toolName: 'run',
  toolKind: 'execute' as const,
  command: 'true',
  cwd: null,
  resolved: null,
  content: [],
  reason: null,
  decisions: ['deny' as const],
};

test('a turn that does not end when told to is ended with its program', async () => {
  const { events, runner } = setUp((adapter) => {
    adapter.interrupt = async () => {};
  });
  await runner.open(wish());
  await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  await runner.stop({ denial: '', turnGraceMs: 5 });
  assert.equal(types(events).at(-1), 'turnEnded interrupted');
});

test('an interrupt while the program is started again ends the prompt that waits for it, which never begins', async () => {
  const gate = Promise.withResolvers<void>();
  const opening = Promise.withResolvers<void>();
  const { adapters, events, runner } = setUp((adapter, index) => {
    const open = adapter.open.bind(adapter);
    if (index === 0) return;
    adapter.open = (session) => {
      opening.resolve();
      return gate.promise.then(() => open(session));
    };
  });
  await runner.open(wish());
  adapters[0]?.context.onExit('it was killed', killed);
  const promptId = newId<PromptId>();
  const given = runner.prompt({ promptId, text: 'a' });
  await opening.promise;
  await runner.interrupt();
  assert.deepEqual(types(events), ['sessionOpened', 'programEnded', 'turnStarted', 'turnEnded interrupted']);
  gate.resolve();
  await given;
  assert.deepEqual(adapters[1]?.prompts, []);
  await runner.prompt({ promptId, text: 'a' });
  await runner.prompt({ promptId: newId<PromptId>(), text: 'b' });
  assert.deepEqual(adapters[1]?.prompts, ['b']);
});

test('an interrupted prompt whose program does not come up ends once', async () => {
  const gate = Promise.withResolvers<never>();
  const opening = Promise.withResolvers<void>();
  const { adapters, events, runner } = setUp((adapter, index) => {
    if (index === 0) return;
    adapter.open = () => {
      opening.resolve();
      return gate.promise;
    };
  });
  await runner.open(wish());
  adapters[0]?.context.onExit('it was killed', killed);
  const given = runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  await opening.promise;
  await runner.interrupt();
  gate.reject(new AgorError('agentFailed', 'No such program: x.'));
  await given;
  assert.deepEqual(types(events), ['sessionOpened', 'programEnded', 'turnStarted', 'turnEnded interrupted']);
});

test('an interrupt ends the turn that runs and the prompt that waits behind it', async () => {
  const gate = Promise.withResolvers<void>();
  const { adapters, events, runner } = setUp((adapter) => {
    const prompt = adapter.prompt.bind(adapter);
    adapter.prompt = async (given) => {
      await prompt(given);
      await gate.promise;
    };
  });
  await runner.open(wish());
  const first = runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
  const second = runner.prompt({ promptId: newId<PromptId>(), text: 'b' });
  while (adapters[0]?.prompts.length !== 1) await Promise.resolve();
  await runner.interrupt();
  gate.resolve();
  await Promise.all([first, second]);
  assert.deepEqual(adapters[0]?.prompts, ['a']);
  assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'turnEnded interrupted', 'turnStarted', 'turnEnded interrupted']);
});

test('what comes of a program that was given up is left out', async () => {
  const { adapters, events, runner } = setUp();
  await runner.open(wish());
  await runner.open(wish());
  adapters[0]?.context.emit({ type: 'notice', level: 'info', text: 'late' });
  adapters[0]?.context.onExit('late', killed);
  assert.deepEqual(types(events), ['sessionOpened', 'sessionOpened']);
  assert.ok(runner.session?.opened);
});

test('an answer to a question that nobody asks is not delivered', () => {
  const { runner } = setUp();
  const answer = { approvalId: newId<ApprovalId>(), decision: 'deny' as const, message: null };
  assert.deepEqual(runner.answer(answer), { delivered: false });
});
