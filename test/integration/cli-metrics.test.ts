/** `agor metrics` against a real backend. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const long = { timeout: 60_000 };

let home: AgorHome;

before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.', '--trust']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo']);
  await home.run(['agent', 'prompt', 'demo', 'help', '--wait']);
});
after(() => home.close());

test('the last sessions of the project one is in are shown, as a table, a document or for a spreadsheet', long, async () => {
  const shown = await home.run(['metrics', '--history']);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^SESSION .*\n\S+ +demo +just now +success .* help\n$/);
  // As the command says it.
  const { sessions } = (await home.json(['metrics', '--history', '--project', 'project'])) as { sessions: { status: string }[] };
  assert.deepEqual(
    sessions.map(({ status }) => status),
    ['success'],
  );
  const csv = await home.run(['metrics', '--csv']);
  assert.match(csv.stdout, /^session_id,agent,title,[^\n]*\r\n[0-9a-f-]{36},demo,help,[^\n]*\r\n$/);
});

test('files that an agent and somebody else wrote are listed and settled, and that there are none is said', long, async () => {
  assert.equal((await home.run(['agent', 'conflicts', 'demo'])).stdout, 'Nobody else has written a file of demo.\n');
  assert.deepEqual(await home.json(['agent', 'conflicts', 'demo']), { conflicts: [], total: 0 });
  assert.equal((await home.run(['agent', 'conflicts', 'demo', '--settle'])).stdout, 'Settled: 0.\n');
  assert.equal((await home.run(['agent', 'conflicts', 'nobody'])).code, 1);
});

test('the fleet and the data directory are shown, and what does not go together is refused', long, async () => {
  assert.match((await home.run(['metrics'])).stdout, /^Agents: 0 running, 1 idle, .*\nproject +demo +idle /s);
  assert.match((await home.run(['metrics', '--storage'])).stdout, /sessions\.db +database +\S+ \S+ +fine\n/);
  const { code, stderr } = await home.run(['metrics', '--live', '--storage']);
  assert.deepEqual([code, stderr], [1, 'error: Only one of --live, --history and --storage can be shown at once.\n']);
  assert.equal((await home.run(['metrics', '--live', '--csv'])).code, 1);
  assert.equal((await home.run(['metrics', '--history', '--project', 'nowhere'])).code, 1);
});
