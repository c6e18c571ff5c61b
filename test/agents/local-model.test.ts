/** The real OpenCode with a model of one's own, inside a real fence and without any account, against a stand-in of such a server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localModel } from '../../server/protocol/local-model.ts';
import { openCodeDriver } from './drivers/opencode.ts';
import { openTalk } from './open-talk.ts';

const driver = { ...openCodeDriver, setUp: ({ modelUrl }: { modelUrl: string }) => localModel(`${modelUrl}/v1`, 'own-model') };

test('an agent works with a local model: it says something, asks before a command, and runs it', async (context) => {
  const { talk, close } = await openTalk(driver);
  context.after(close);
  assert.equal((await talk.turn(driver.words.text('hello from here'))).reason, 'completed', talk.seen());
  assert.match(talk.text(), /hello from here/);
  await talk.say(driver.words.make);
  const question = await talk.question();
  assert.equal(talk.hasMade(), false, 'it asks, though nobody configured it to');
  await talk.answer(question, 'allowOnce');
  assert.equal((await talk.end()).reason, 'completed', talk.seen());
  assert.equal(talk.hasMade(), true);
  const { credentials, model } = await talk.agent();
  assert.deepEqual([credentials, model], ['login', 'local/own-model']);
  assert.match(talk.requests(), /\\"model\\":\\"own-model\\"/);
});
