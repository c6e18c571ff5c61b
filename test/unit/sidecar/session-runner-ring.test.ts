import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import type { PromptId } from '../../../server/protocol/ids.ts';
import type { ProgramExit } from '../../../server/sidecar/program.ts';
import { killed, runnerWorld as setUp, types, wish } from '../../support/runner-world.ts';

/** Lets what was begun without waiting come to its next wait. */
const settle = () => new Promise(setImmediate);

describe('a program that ends by itself', () => {
  const crashed = { code: 1, signal: null };

  function decisions(events: readonly AgentEvent[]) {
    return events.flatMap((event) => (event.type === 'programEnded' ? [[event.decision, event.recentExits, event.delayMs]] : []));
  }

  it('is started again after its delay, in its session', async () => {
    const { adapters, changes, clock, events, runner } = setUp();
    await runner.open(wish({ KEY: 'k' }));
    adapters[0]?.context.onExit('it crashed', crashed);
    assert.deepEqual(decisions(events), [['restart', 1, 500]]);
    clock.advance(499);
    await settle();
    assert.equal(adapters.length, 1);
    clock.advance(1);
    await settle();
    assert.equal(adapters[1]?.opened?.providerSessionId, 'theirs');
    assert.deepEqual(adapters[1]?.secrets, { KEY: 'k' });
    assert.deepEqual(
      changes.map(({ programPid, decision }) => [programPid, decision]),
      [
        [null, 'restart'],
        [42, undefined],
      ],
    );
  });

  it('waits longer each time and is given up when it never really comes up', async () => {
    const { adapters, clock, events, runner } = setUp();
    await runner.open(wish());
    for (let exits = 0; exits < 4; exits++) {
      adapters.at(-1)?.context.onExit('it crashed', crashed);
      clock.advance(10_000);
      await settle();
    }
    const expected = [
      ['restart', 1, 500],
      ['restart', 2, 1_000],
      ['restart', 3, 1_500],
      ['giveUp', 4, null],
    ];
    assert.deepEqual(decisions(events), expected);
    assert.equal(clock.waiting, 0);
    await runner.prompt({ promptId: newId<PromptId>(), text: 'again' });
    assert.deepEqual(adapters.at(-1)?.prompts, ['again'], 'a prompt tries again');
  });

  it('is not started twice when a prompt comes before its delay is over', async () => {
    const { adapters, clock, runner } = setUp();
    await runner.open(wish());
    adapters[0]?.context.onExit('it crashed', crashed);
    await runner.prompt({ promptId: newId<PromptId>(), text: 'now' });
    assert.deepEqual(adapters[1]?.prompts, ['now']);
    clock.advance(60_000);
    await settle();
    assert.equal(adapters.length, 2);
  });

  it('stays down after a clean end, after a failed turn, and when we had told it to end', async () => {
    const ends: [ProgramExit, boolean][] = [
      [{ code: 0, signal: null }, false],
      [crashed, true],
      [{ ...killed, wasAsked: true }, false],
    ];
    for (const [exit, hasFailedTurn] of ends) {
      const { adapters, clock, events, runner } = setUp();
      await runner.open(wish());
      await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
      adapters[0]?.endTurn(hasFailedTurn ? 'failed' : 'completed');
      adapters[0]?.context.onExit('it ended', exit);
      assert.deepEqual(decisions(events), [['offline', 1, null]]);
      assert.equal(clock.waiting, 0);
    }
  });

  it('that cannot be brought up again counts as one more crash, unless that is hopeless', async () => {
    const cause = Object.assign(new Error('spawn x ENOENT'), { code: 'ENOENT', syscall: 'spawn' });
    const failures: [Error, string][] = [
      [new AgorError('agentFailed', 'It ended at once.'), 'restart'],
      [new AgorError('agentFailed', 'No such program.', { cause }), 'offline'],
      [new AgorError('needsCredentials', 'It wants a login.'), 'offline'],
      [new AgorError('refused', 'There is no fence.'), 'offline'],
    ];
    for (const [failure, decision] of failures) {
      const { adapters, clock, events, runner } = setUp((adapter, index) => {
        if (index > 0) adapter.openFailure = failure;
      });
      await runner.open(wish());
      adapters[0]?.context.onExit('it crashed', crashed);
      clock.advance(500);
      await settle();
      assert.deepEqual(decisions(events).at(-1)?.[0], decision, failure.message);
      await runner.stop({ denial: '' });
      assert.equal(clock.waiting, 0, 'nothing is started of an agent that was stopped');
    }
  });

  it('in mid-turn cuts the turn, which is not given again', async () => {
    const { adapters, clock, events, runner } = setUp();
    await runner.open(wish());
    await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
    adapters[0]?.context.onExit('it crashed', crashed);
    clock.advance(500);
    await settle();
    assert.deepEqual(types(events), ['sessionOpened', 'turnStarted', 'turnEnded crashed', 'programEnded', 'sessionOpened']);
    assert.deepEqual(adapters[1]?.prompts, []);
  });
});

describe('a turn past its limit', () => {
  function overdue(interrupt: 'works' | 'isIgnored') {
    const terminated: number[] = [];
    const world = setUp(
      (adapter) => {
        if (interrupt === 'isIgnored') adapter.interrupt = async () => {};
      },
      {
        hardTurnMinutes: 2,
        terminate: async (graceMs) => {
          terminated.push(graceMs);
          world.adapters[0]?.context.onExit('it was killed', { ...killed, wasAsked: true });
        },
      },
    );
    return { ...world, terminated };
  }

  it('is interrupted, and says why it ended', async () => {
    const { clock, events, runner, terminated } = overdue('works');
    await runner.open(wish());
    await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
    clock.advance(119_999);
    assert.deepEqual(types(events), ['sessionOpened', 'turnStarted']);
    clock.advance(1);
    const ended = events.at(-1);
    assert.ok(ended?.type === 'turnEnded');
    assert.equal(ended.reason, 'limit');
    assert.equal(ended.failure?.message, 'The turn took longer than its limit of 2 min, so it was ended.');
    assert.deepEqual(terminated, []);
    await runner.prompt({ promptId: newId<PromptId>(), text: 'b' });
    assert.equal(types(events).at(-1), 'turnStarted', 'the program goes on');
  });

  it('ends with its program when the interrupt does not help', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { clock, events, runner, terminated } = overdue('isIgnored');
    await runner.open(wish());
    await runner.prompt({ promptId: newId<PromptId>(), text: 'a' });
    clock.advance(120_000);
    await settle();
    assert.deepEqual(terminated, []);
    t.mock.timers.tick(5_000);
    await settle();
    assert.deepEqual(terminated, [10_000]);
    assert.deepEqual(types(events).slice(-2), ['turnEnded limit', 'programEnded']);
  });
});
