import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { processIdentity } from '../../server/base/process-identity.ts';
import { RingWorld } from '../support/ring-world.ts';

async function withRing(world: RingWorld, use: (world: RingWorld) => Promise<void>): Promise<void> {
  try {
    await use(world);
  } finally {
    await world.close();
  }
}

describe('a program that ends in mid-turn', () => {
  for (const way of ['1', 'killed']) {
    it(`(${way}) keeps what it said, and comes back in its session by itself`, () =>
      withRing(new RingWorld('ends-in-turn.mjs'), async ({ recorder, open, prompt }) => {
        const { programPid } = await open();
        await prompt(way);
        const { reason, failure } = await recorder.next('turnEnded');
        assert.equal(reason, 'crashed');
        assert.match(failure?.message ?? '', way === 'killed' ? /signal SIGKILL/ : /exit code 1/);
        const { decision, recentExits, delayMs } = await recorder.next('programEnded');
        assert.deepEqual([decision, recentExits, delayMs], ['restart', 1, 500]);
        const { resumed } = await recorder.next('sessionOpened');
        assert.ok(resumed);
        assert.deepEqual(recorder.texts(), ['half of a sen']);
        assert.equal(recorder.all('turnStarted').length, 1, 'nothing is given again by itself');
        assert.equal(processIdentity(programPid ?? 0), null);
      }));
  }

  it('is given up when it does so again and again, and a prompt still tries', () =>
    withRing(new RingWorld('ends-in-turn.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      for (let crashes = 1; crashes <= 4; crashes++) {
        await prompt('1');
        assert.equal((await recorder.next('programEnded')).decision, crashes < 4 ? 'restart' : 'giveUp');
      }
      await prompt('1');
      assert.equal((await recorder.next('programEnded')).decision, 'giveUp');
      assert.equal(recorder.all('turnEnded').length, 5);
    }));
});

describe('a program that ends after its turn', () => {
  it('in order is not started by itself, and the next prompt brings it back', () =>
    withRing(new RingWorld('ends-after-turn.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt('{}');
      assert.equal((await recorder.next('turnEnded')).reason, 'completed');
      assert.equal((await recorder.next('programEnded')).decision, 'offline');
      await prompt('{}');
      assert.equal((await recorder.next('turnEnded')).reason, 'completed');
    }));

  it('because that failed is not started by itself either', () =>
    withRing(new RingWorld('ends-after-turn.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt(JSON.stringify({ error: { code: 401, message: 'invalid API key' } }));
      assert.equal((await recorder.next('turnEnded')).failure?.type, 'auth');
      assert.equal((await recorder.next('programEnded')).decision, 'offline');
    }));
});

describe('a turn that the provider refuses for now', () => {
  it('is tried again after the wait that it states, and is one turn', () =>
    withRing(new RingWorld('fails-then-works.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt('2');
      assert.equal((await recorder.next('turnEnded')).reason, 'completed');
      assert.deepEqual(
        recorder.all('retry').map(({ attempt, maxAttempts, delayMs, failure }) => [attempt, maxAttempts, delayMs, failure.type]),
        [
          [1, 4, 50, 'rate_limit'],
          [2, 4, 50, 'rate_limit'],
        ],
      );
      assert.deepEqual(recorder.texts(), ['3 tries']);
      assert.equal(recorder.all('turnStarted').length, 1);
    }));

  it('fails after its last try, in words that promise no other', () =>
    withRing(new RingWorld('fails-then-works.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt('9');
      const { reason, failure } = await recorder.next('turnEnded');
      assert.deepEqual([reason, failure?.type], ['failed', 'rate_limit']);
      assert.doesNotMatch(failure?.message ?? '', /retrying/);
      assert.equal(recorder.all('retry').length, 4);
    }));

  it('can be stopped while it waits', () =>
    withRing(new RingWorld('fails-prompts.mjs'), async ({ recorder, open, prompt, runner }) => {
      await open();
      await prompt(JSON.stringify({ code: 529, message: 'Overloaded' }));
      assert.equal((await recorder.next('retry')).delayMs, 30_000);
      await assert.rejects(prompt('another'), { code: 'conflict' });
      await runner.interrupt();
      assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
    }));
});

describe('a turn past its hard limit', () => {
  it('ends by force when the program ignores everything, and says why', () =>
    withRing(new RingWorld('ignores-all-in-turn.mjs', { hardTurnMinutes: 0.002 }), async ({ recorder, open, prompt }) => {
      const { programPid } = await open();
      await prompt('go');
      const { reason, failure } = await recorder.next('turnEnded');
      assert.equal(reason, 'limit');
      assert.match(failure?.message ?? '', /longer than its limit of 0\.002 min/);
      assert.equal((await recorder.next('programEnded')).decision, 'offline');
      assert.equal(processIdentity(programPid ?? 0), null);
    }));
});

describe('garbage of a program', () => {
  it('of every kind is told with its place, and every good frame around it is heard', () =>
    withRing(new RingWorld('prints-garbage-in-turn.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt('go');
      assert.equal((await recorder.next('turnEnded')).reason, 'completed');
      assert.deepEqual(recorder.texts(), [`${'good '.repeat(8)}é\u{1F600}`]);
      const told = () => recorder.all('protocolError');
      while (told().reduce((lines, { count }) => lines + count, 0) < 5) await recorder.next('protocolError');
      assert.deepEqual(new Set(told().map(({ problem }) => problem)), new Set(['binary', 'badFrame']));
      assert.ok(told().every(({ offset, bytes }) => offset > 0 && bytes > 0));
      assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    }));

  it('in a flood is told once a second, and the program goes on', () =>
    withRing(new RingWorld('floods-in-turn.mjs'), async ({ recorder, open, prompt }) => {
      await open();
      await prompt('go');
      assert.equal((await recorder.next('turnEnded')).reason, 'completed');
      const [first] = recorder.all('protocolError');
      assert.deepEqual([first?.problem, first?.count], ['oversizeLine', 1]);
      assert.ok((first?.bytes ?? 0) > 6 * 1024 * 1024);
    }));
});
