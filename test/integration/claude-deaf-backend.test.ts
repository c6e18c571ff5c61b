/** A real sidecar with the real Claude Code, and a backend that never says what waits for the agent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { FakeBackend, IntakeLedger } from '../support/fake-backend.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

/** Longer, and the program would go on by itself. */
const hookBoundMs = 2_000;

let program: string;
let api: ModelApi;
before(async () => {
  program = await claudeProgram();
  api = await startModelApi();
});
after(() => api.close());

test('the end of a turn is not held up by it: the hook is answered from what is known', async (t) => {
  const sidecar = new SidecarProcess({
    provider: 'claude',
    command: [program],
    credentials: 'environment',
    environment: { ANTHROPIC_BASE_URL: api.url, ANTHROPIC_API_KEY: 'not-a-key', CLAUDE_CODE_MAX_RETRIES: '0' },
  });
  const ledger = new IntakeLedger();
  const backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, isSilentAboutMail: true }).listen();
  t.after(async () => {
    await sidecar.remove();
    await backend.kill();
  });
  sidecar.start();
  await backend.connected();
  const wish = { sessionId: newId<SessionId>(), providerSessionId: null, model: null, usage: null, secrets: {} };
  await backend.call('run/open', wish);
  await backend.call('run/prompt', { promptId: newId<PromptId>(), text: 'text the last words' });
  const ended = await ledger.until('the end of the turn', () => ledger.events.find(({ event }) => event.type === 'turnEnded'));
  const said = ledger.events.findLast(({ event }) => event.type === 'blockEnded');
  const ms = ended.at - (said?.at ?? 0);
  assert.ok(ms < hookBoundMs, `the turn ended ${ms} ms after its last words`);
});
