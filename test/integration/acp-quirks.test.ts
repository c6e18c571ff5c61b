/** What programs that speak ACP were seen to do otherwise than one would think, played by programs of our own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixturePath, fresh, withAcp } from '../support/acp-harness.ts';

const command = (name: string) => [process.execPath, fixturePath(name)];

test('a session begins in the mode that asks, and is put back into it when its program leaves it', async () => {
  await withAcp({ command: command('leaves-its-mode.mjs') }, async (harness) => {
    const { capabilities } = await harness.adapter.open(fresh);
    assert.equal(capabilities.asks, undefined);
    await harness.turn('say it');
    assert.deepEqual(harness.of('notice'), [], 'a mode that was chosen for it is nothing to tell of');
    await harness.turn('leave');
    assert.deepEqual(harness.texts(), ['read-only', 'read-only']);
    const { text, level } = await harness.next('notice');
    assert.equal(level, 'warning');
    assert.match(text, /left its mode "read-only" for "agent-full-access".*put back to "read-only"/);
  });
});

test('what is said again after a session was loaded is no answer to a prompt', async () => {
  await withAcp({ command: command('replays-late.mjs') }, async (harness) => {
    await harness.adapter.open({ providerSessionId: 's1', model: null });
    assert.equal(await harness.adapter.remembers('an earlier question'), true);
    await harness.turn('go on');
    assert.deepEqual(harness.texts(), ['the new answer']);
    assert.deepEqual(harness.of('notice'), []);
  });
});

test('a program of a later version is taken as far as it is understood', async () => {
  await withAcp({ command: command('of-tomorrow.mjs') }, async (harness) => {
    const opened = await harness.adapter.open(fresh);
    assert.deepEqual([opened.programVersion, opened.capabilities.resume, opened.capabilities.modelChoice], ['99.0.0', false, false]);
    const { reason } = await harness.turn('go');
    assert.equal(reason, 'completed');
    assert.deepEqual(harness.texts(), ['refused 901, refused 902, refused 903']);
    assert.deepEqual(
      harness.of('toolEnded').map(({ status }) => status),
      ['interrupted'],
    );
    assert.deepEqual([harness.of('protocolError'), harness.of('notice'), harness.exits], [[], [], []]);
  });
});
