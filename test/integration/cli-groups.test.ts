/** Teams and groups from the command line, with a real backend. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { Health } from '../../server/protocol/health.ts';
import { AgentProfile, GroupReport } from '../../server/protocol/team.ts';
import { until } from '../support/live-backend.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';
import { shopGroup } from '../support/teams-world.ts';

let home: AgorHome;
let path: string;
before(async () => {
  home = await agorHome();
  path = (await home.run(['group', 'path'])).stdout.trim();
});
after(() => home.close());

const report = async () => GroupReport.parse(await home.json(['group', 'show']));
const write = (value: unknown) => writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value, null, 2));

it('without the file that is said, and everything works', async () => {
  assert.match(path, /\/agor\/groups\.json$/);
  assert.match((await home.run(['group', 'show'])).stdout, /^There is no .*groups\.json; agents of a project are a team by themselves\.$/m);
  assert.equal((await home.run(['group', 'apply'])).code, 1);
});

it('an agent is added with its role, and shown in its team', async () => {
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'chief', '--provider', 'demo', '--role', 'manager']);
  assert.match((await home.run(['team', 'list'])).stdout, /^project +chief +\w+ +manager +1 +never +15 min$/m);
});

it('what an agent is in its team is changed, and what does not fit is refused with what is expected', async () => {
  const profile = AgentProfile.parse(await home.json(['team', 'configure', 'chief', '--wake', 'smart', '--wake-threshold', '0.7']));
  assert.deepEqual([profile.role, profile.wakeStrategy, profile.wakeThreshold], ['manager', 'smart', 0.7]);
  assert.equal((await home.run(['team', 'configure', 'chief', '--wake-threshold', '7'])).code, 1);
  assert.equal((await home.run(['team', 'configure', 'chief', '--wake-threshold', 'much'])).code, 2);
  assert.equal((await home.run(['team', 'configure', 'chief'])).code, 2);
});

it('a file that is written is in force by itself', async () => {
  mkdirSync(dirname(path), { recursive: true });
  for (const name of ['shop', 'stock']) mkdirSync(join(home.project, '..', name));
  write(shopGroup());
  await until(async () => (await report()).exists);
  assert.deepEqual([(await report()).isInForce, (await report()).problems], [true, []]);
  assert.match((await home.run(['team', 'list'])).stdout, /^Store +lead +\w+ +manager +1 +smart, 3 min +15 min$/m);
  assert.match((await home.run(['project', 'list'])).stdout, /Stock Room/);
});

it('a file with a fault leaves in force what was, and names its line', async () => {
  write(JSON.stringify(shopGroup(), null, 2).replace('"manager"', '"boss"'));
  const { code, stdout } = await home.run(['group', 'apply']);
  assert.equal(code, 1);
  assert.match(stdout, /cannot be used; what was in force before stays\.\n.*groups\.json:\d+:\d+: error: "role": one of "manager"/);
  assert.match((await home.run(['team', 'list'])).stdout, /^Store +lead +\w+ +manager/m);
  assert.match(Health.parse(await home.json(['health'])).problems.join('\n'), /groups\.json, line \d+: "role"/);
  write(shopGroup());
  assert.equal((await home.run(['group', 'apply'])).code, 0);
  assert.deepEqual(Health.parse(await home.json(['health'])).problems, []);
});
