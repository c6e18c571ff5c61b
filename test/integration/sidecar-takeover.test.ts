/** One long turn under many backends, each killed at a moment of chance. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import { FakeBackend, IntakeLedger } from '../support/fake-backend.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const longestLifeMs = 120;

test('a turn under a dozen backends is kept once and in order, and what was streamed of it is what was kept', async () => {
  const sidecar = new SidecarProcess({ environment: { AGOR_DEMO_SPEED: '8' } }).start();
  const ledger = new IntakeLedger();
  let backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name: 'backend-0' }).listen();
  try {
    await backend.connected();
    await backend.call('run/open', { sessionId: newId<SessionId>(), providerSessionId: null, model: null, usage: null, secrets: {} });
    const prompt = { promptId: newId<PromptId>(), text: 'long' };
    await backend.call('run/prompt', prompt);
    for (let count = 1; count <= 12; count += 1) {
      // The moment is the point: no event marks it.
      await delay(Math.random() * longestLifeMs);
      await backend.kill();
      backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name: `backend-${count}` }).listen();
      await backend.connected();
      await backend.call('run/prompt', prompt);
    }
    await ledger.until('the end of the turn', () => ledger.ofType('turnEnded')[0]);
    const texts = checkedTexts(ledger);
    assert.equal(ledger.ofType('turnStarted').length, 1);
    assert.ok([...texts.values()].join('').length > 2_000);
    for (const event of ledger.streamed) assertStreamed(event, texts);
    await backend.call('run/stop', {});
    assert.equal(await sidecar.exitCode, 0);
  } finally {
    await backend.kill();
    await sidecar.remove();
  }
});

/** The text of each block; numbers and offsets have neither holes nor repetitions. */
function checkedTexts(ledger: IntakeLedger): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [index, { seq, event }] of ledger.events.entries()) {
    assert.equal(seq, index + 1);
    if (event.type !== 'text') continue;
    const before = texts.get(event.itemId) ?? '';
    assert.equal(event.offset, before.length);
    texts.set(event.itemId, before + event.text);
  }
  return texts;
}

function assertStreamed(event: AgentEvent, texts: Map<string, string>): void {
  if (event.type !== 'text') return;
  const kept = texts.get(event.itemId) ?? '';
  assert.equal(kept.slice(event.offset, event.offset + event.text.length), event.text);
}
