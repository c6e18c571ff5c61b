/** Programs that are not Claude Code, or behave as it never should: the adapter says so and leaves nothing running. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { ClaudeAdapter } from '../../server/sidecar/adapters/claude/claude-adapter.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { EventRecorder } from '../support/event-recorder.ts';

const fresh = { providerSessionId: null, model: null };

/** `script` runs as the program; `say` writes a line, `onLine` is called with each line that comes. */
async function makeAgent(t: TestContext, script: string, options: { projectDir?: string; initializeMs?: number } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'agor-launch-'));
  const file = path.join(folder, 'program.mjs');
  await writeFile(file, `${preamble}\n${script}`);
  const recorder = new EventRecorder();
  const { promise: exited, resolve: onExit } = Promise.withResolvers<string>();
  const adapter = new ClaudeAdapter(
    {
      projectDir: options.projectDir ?? folder,
      agentDir: folder,
      command: [process.execPath, file],
      environment: { PATH: process.env.PATH ?? '' },
      startProgram,
      emit: recorder.emit,
      onExit,
      log: () => {},
      tools: null,
      hooks: noHooks,
    },
    { initializeMs: options.initializeMs ?? 30_000, interruptMs: 200, stopMs: 200 },
  );
  t.after(async () => {
    await adapter.stop();
    await rm(folder, { recursive: true });
  });
  return { adapter, recorder, exited, prompt: () => adapter.prompt({ promptId: newId<PromptId>(), text: 'hello' }) };
}

const preamble = `
import readline from 'node:readline';
const say = (line) => process.stdout.write((typeof line === 'string' ? line : JSON.stringify(line)) + '\\n');
const reply = (line, response) => say({ type: 'control_response', response: { subtype: 'success', request_id: line.request_id, response } });
const lines = readline.createInterface({ input: process.stdin });
const onLine = (handle) => lines.on('line', (text) => handle(JSON.parse(text)));
`;
const polite = `onLine((line) => { if (line.request?.subtype === 'initialize') reply(line, {}); else if (line.request) reply(line, {}); else turn(line); });`;

test('a program that never answers is given up and ended', async (t) => {
  const { adapter } = await makeAgent(t, 'setInterval(() => {}, 1000);', { initializeMs: 500 });
  await assert.rejects(adapter.open(fresh), { code: 'agentFailed', message: /did not answer within 0.5 s/ });
});

test('a program that prints garbage is given up, with what it said on stderr', async (t) => {
  const { adapter } = await makeAgent(
    t,
    `say('Welcome!'); say('{"type":'); console.error('this is a shell'); setInterval(() => {}, 1000);`,
  );
  await assert.rejects(adapter.open(fresh), { code: 'agentFailed', message: /this is a shell/ });
});

test('a program that refuses to begin is named with its reason', async (t) => {
  const refusal = `say({ type: 'control_response', response: { subtype: 'error', request_id: line.request_id, error: 'No seat left.' } })`;
  const { adapter } = await makeAgent(t, `onLine((line) => ${refusal});`);
  await assert.rejects(adapter.open(fresh), { code: 'agentFailed', message: /No seat left/ });
});

test('a folder that is gone is named, and not the program', async (t) => {
  const { adapter } = await makeAgent(t, '', { projectDir: '/no/such/folder' });
  await assert.rejects(adapter.open(fresh), { code: 'agentFailed', message: /\/no\/such\/folder/ });
});

test('a session that is in use is resumed', async (t) => {
  const inUse = `if (process.argv.includes('--session-id')) { console.error('Error: Session ID x is already in use.'); process.exit(1); }`;
  const { adapter, recorder } = await makeAgent(t, `${inUse}\n${polite}`);
  await adapter.open(fresh);
  assert.equal((await recorder.next('sessionOpened')).resumed, true);
});

test('a request that we do not know is refused, so that the program does not wait', async (t) => {
  const asks = `const turn = () => say({ type: 'control_request', request_id: 'q1', request: { subtype: 'elicitation' } });`;
  const hears = `onLine((line) => { if (line.type === 'control_response') say({ type: 'system', subtype: 'notification', text: line.response.error }); });`;
  const { adapter, recorder, prompt } = await makeAgent(t, `${asks}\n${polite}\n${hears}`);
  await adapter.open(fresh);
  await prompt();
  assert.match((await recorder.next('notice')).text, /does not answer elicitation/);
});

test('a program that crashes in a turn ends the turn, and then is reported with its last words', async (t) => {
  const { adapter, recorder, exited, prompt } = await makeAgent(
    t,
    `const turn = () => { console.error('out of memory'); process.exit(9); };\n${polite}`,
  );
  await adapter.open(fresh);
  await prompt();
  const detail = await exited;
  assert.match(detail, /exit code 9.*out of memory/);
  assert.equal(recorder.events.at(-1)?.type, 'turnEnded');
  assert.equal(recorder.all('turnEnded')[0]?.reason, 'crashed');
  await assert.rejects(prompt(), { code: 'agentFailed' });
});

test('a program that does not react to the interrupt is named, and can still be stopped', async (t) => {
  const deaf = `onLine((line) => { if (line.request?.subtype === 'initialize') reply(line, {}); });`;
  const { adapter, recorder, prompt } = await makeAgent(t, deaf);
  await adapter.open(fresh);
  await prompt();
  await assert.rejects(adapter.interrupt(), { code: 'unavailable' });
  await adapter.stop();
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
});
