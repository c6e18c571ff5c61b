/** Settings, health and the sandbox from the command line, with a real backend. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Health } from '../../server/protocol/health.ts';
import { SandboxExplanation } from '../../server/protocol/sandbox.ts';
import { until } from '../support/live-backend.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo']);
});
after(() => home.close());

const said = async (...args: string[]) => (await home.run(args)).stdout.trim();

it('a setting is shown, set, acts at once and is taken back', async () => {
  assert.equal(await said('config', 'get', 'turns.max'), '5');
  assert.equal(await said('config', 'set', 'turns.max', '2'), '2');
  assert.deepEqual(await home.json(['config', 'get', 'turns.max']), { name: 'turns.max', value: 2, isSet: true, source: 'set' });
  assert.equal(Health.parse(await home.json(['health'])).turns.max, 2);
  assert.match(await said('config', 'list'), /^turns\.max +2$/m);
  assert.equal(await said('config', 'unset', 'turns.max'), '5');
  assert.match(await said('config', 'list'), /^turns\.max +5 +default$/m);
});

it('a list is set by its words, paths from the folder one is in, and emptied by none', async () => {
  assert.equal(await said('config', 'set', 'sandbox.ports', '443', '8080'), '443 8080');
  assert.equal(await said('config', 'set', 'sandbox.readOnlyPaths', 'notes'), `${home.project}/notes`);
  assert.equal(await said('config', 'set', 'sandbox.readOnlyPaths'), '(none)');
});

it('a value that does not fit is refused with what is expected, and an unknown name is wrong usage', async () => {
  const refused = await home.run(['config', 'set', 'turns.max', '0']);
  assert.deepEqual([refused.code, refused.stderr.trim()], [1, 'error: turns.max cannot be 0: a whole number from 1 to 100 is expected.']);
  const unknown = await home.run(['config', 'get', 'turns.most']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /turns\.max/);
});

it('what the machine gives is found out by itself, and shown by health', async () => {
  await until(async () => Health.parse(await home.json(['health'])).sandbox !== null);
  const text = await said('health');
  assert.match(text, /^Turns +0 of 5 run$/m);
  assert.match(text, /^Sandbox +(full|partial|off)/m);
  assert.match(text, /^Resources +bounded by \w/m);
});

it('what an agent can reach is explained with what was tried, and nothing of it is started', async () => {
  const explanation = SandboxExplanation.parse(await home.json(['sandbox', 'explain', 'demo']));
  assert.ok(explanation.argv.length > 0);
  assert.equal(Health.parse(await home.json(['health'])).sidecars.length, 0);
  const { code, stdout } = await home.run(['sandbox', 'explain', 'demo']);
  assert.equal(code, 0);
  assert.match(stdout, /^demo {2}(full|partial|off)/);
  assert.match(stdout, /Started as\n/);
});

it('of an agent that is not there, or may not be started, nothing is tried', async () => {
  assert.match((await home.run(['sandbox', 'explain', 'nobody'])).stderr, /There is no agent "nobody"/);
  await home.json(['project', 'trust', 'project', '--revoke']);
  const untrusted = await home.run(['sandbox', 'explain', 'demo']);
  assert.deepEqual([untrusted.code, /is not trusted/.test(untrusted.stderr)], [1, true]);
});
