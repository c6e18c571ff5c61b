/** A newer build takes over the backend while an agent's program is at work: nothing of the turn is interrupted, lost or doubled. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/live-backend.ts';
import { longText } from '../support/model-script.ts';
import type { Talk } from './talk.ts';

/** As many parts come while the builds change places; the rest afterwards. */
const partsMeanwhile = 60;
const partEveryMs = 150;
const words = 300;

export const upgradeCases = {
  'a newer build takes over while it streams': async (talk: Talk) => {
    const { promise: taken, resolve: goOn } = Promise.withResolvers<void>();
    talk.mood.pace = (part) => (part < partsMeanwhile ? Promise.race([taken, delay(partEveryMs)]) : taken);
    await talk.say(talk.driver.words.long);
    await talk.next('text', ({ text }) => text !== '');
    await takeOver(talk);
    assert.equal(talk.items('turnEnd').length, 0, 'it was in the middle of its turn');
    goOn();
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    if (talk.model) assert.equal(talk.text().trim(), longText(words).trim());
    assert.equal(
      talk.items('text').every(({ complete }) => complete),
      true,
    );
    await isOneTurn(talk);
  },

  'a newer build takes over while a question waits': async (talk: Talk) => {
    await talk.say(talk.driver.words.make);
    const asked = await talk.question();
    await takeOver(talk);
    const question = await talk.question();
    assert.deepEqual([question.approvalId, question.hash, talk.hasMade()], [asked.approvalId, asked.hash, false]);
    await talk.answer(question, 'allowOnce');
    assert.equal((await talk.end()).reason, 'completed', talk.seen());
    assert.equal(talk.hasMade(), true);
    assert.deepEqual(
      [talk.items('tool').map(({ status }) => status), talk.items('permission').map(({ state }) => state)],
      [['ok'], ['allowedOnce']],
    );
    await isOneTurn(talk);
  },
} satisfies Record<string, (talk: Talk) => Promise<void>>;

/** Sidecar and program are those of before. */
async function takeOver(talk: Talk): Promise<void> {
  const before = await talk.agent();
  const { pid } = await talk.connection.call('health/get', {});
  await talk.upgrade();
  const health = await talk.connection.call('health/get', {});
  assert.notEqual(health.pid, pid);
  assert.equal(health.build.gitSha, 'newer');
  // Its sidecar comes back by itself.
  await until(async () => (await talk.agent()).runtime?.sidecarPid === before.runtime?.sidecarPid);
  const { runtime } = await talk.agent();
  assert.equal(runtime?.programPid, before.runtime?.programPid);
}

async function isOneTurn(talk: Talk): Promise<void> {
  assert.deepEqual(
    [
      talk.items('prompt').map(({ state }) => state),
      talk.items('turnEnd').length,
      new Set(talk.items('prompt').map(({ turnId }) => turnId)).size,
    ],
    [['sent'], 1, 1],
    talk.seen(),
  );
  assert.deepEqual((await talk.connection.call('audit/verify', {})).breaks, []);
  assert.equal((await talk.turn(talk.driver.words.text('and after'))).reason, 'completed', talk.seen());
}
