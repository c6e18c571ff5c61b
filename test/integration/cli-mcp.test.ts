/** `agor mcp` with a real backend: the same tools for whatever works for the person, as their assistant. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { startTools } from '../support/tools-client.ts';

const agor = fileURLToPath(new URL('../../server/cli/agor.ts', import.meta.url));

let home: AgorHome;
before(async () => {
  home = await agorHome();
});
after(() => home.close());

test('it serves the tools, and goes on with the next backend when one has ended', async (t) => {
  const env = { AGOR_DATA_DIR: home.dataDir, HOME: home.project, PATH: process.env.PATH ?? '' };
  const tools = await startTools(t, { args: [agor, 'mcp'], env, cwd: home.project });
  assert.ok((await tools.names()).includes('send_message'));
  const before = await tools.call('whoami');
  assert.doesNotMatch(before.text, /backend|connection/);
  assert.equal((await home.run(['backend', 'stop'])).code, 0);
  // The end of the connection may be seen only by the call that it cuts off.
  const during = await tools.call('whoami');
  const afterwards = during.text === before.text ? during : await tools.call('whoami');
  assert.deepEqual(afterwards, before);
});

test('it ends with its input, and has written nothing but the protocol', async () => {
  const { code, stdout, stderr } = await home.run(['mcp'], { input: '' });
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});

test('a line that no tool takes ends it with the reason, instead of leaving it deaf', async () => {
  const { code, stdout, stderr } = await home.run(['mcp'], { input: `${'x'.repeat(11 * 1024 * 1024)}\n` });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /could not be read any further \(.*exceeded maximum size/);
});
