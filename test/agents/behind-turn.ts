/** ACP has no way to give a prompt into a running turn: it waits, and is answered in a turn of its own. */
import assert from 'node:assert/strict';
import type { Limit } from './driver.ts';

export const behindTurn: Limit = {
  reason: 'its protocol has no prompt for a running turn; it is answered when the turn has ended',
  async prove(talk) {
    const { words } = talk.driver;
    await talk.say(words.make);
    const question = await talk.question();
    await assert.rejects(talk.into(words.text('and this as well')), { code: 'refused', message: /takes no prompt into a running turn/ });
    await talk.answer(question, 'allowOnce');
    await talk.next('text', ({ text }) => words.answer('and this as well').test(text.trim()));
    assert.equal(new Set(talk.items('prompt').map(({ turnId }) => turnId)).size, 2, talk.seen());
  },
};
