/** A terminal that stays with an agent: the real command line, a real backend and the demo agent. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

let home: AgorHome;
before(async () => {
  home = await agorHome();
  await home.json(['project', 'add', '.']);
  await home.json(['agent', 'add', 'demo', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']);
});
after(() => home.close());

it('takes prompts, answers what is asked, and leaves without stopping anything', async () => {
  const terminal = home.start(['agent', 'attach', 'demo']);
  terminal.child.stdin.write('edit\n');
  await terminal.seen(/The agent asks for permission:[\s\S]*agor-demo\.md/);
  terminal.child.stdin.write('/allow\n');
  await terminal.seen(/allowed once, by [\s\S]*-- completed after/);
  terminal.child.stdin.end('/leave\n');
  assert.equal((await terminal.finished).code, 0);
  assert.notEqual(await readFile(join(home.project, 'agor-demo.md'), 'utf8'), '');
  assert.match((await home.run(['agent', 'list'])).stdout, /demo .*idle/i);
});

it('shows what was said before, and what another terminal brings', async () => {
  const terminal = home.start(['agent', 'attach', 'demo', '--lines', '50']);
  await terminal.seen(/> edit[\s\S]*-- completed after/);
  await home.run(['agent', 'prompt', 'demo', 'help', '--wait']);
  await terminal.seen(/> help[\s\S]*-- completed after/);
  terminal.child.stdin.end();
  assert.equal((await terminal.finished).code, 0);
});

it('denies with a word why, and stops a turn that waits', async () => {
  const terminal = home.start(['agent', 'attach', 'demo', '--lines', '1']);
  terminal.child.stdin.write('edit\n');
  await terminal.seen(/asks for permission/);
  terminal.child.stdin.write('/deny not today\n');
  await terminal.seen(/denied, by [\s\S]*-- completed after/);
  terminal.child.stdin.write('edit\n');
  await terminal.seen(/-- completed after[\s\S]*asks for permission/);
  terminal.child.stdin.write('/stop\n');
  await terminal.seen(/-- interrupted after/);
  terminal.child.stdin.end();
  assert.equal((await terminal.finished).code, 0);
});

it('says what is wrong with what is typed, and stays', async () => {
  const terminal = home.start(['agent', 'attach', 'demo', '--lines', '1']);
  terminal.child.stdin.write('/allow\n');
  await terminal.seen(/Nothing is asked\./);
  terminal.child.stdin.write('/leave\n');
  assert.equal((await terminal.finished).code, 0);
});

it('is for a person, and has no JSON', async () => {
  const asAgent = await home.run(['agent', 'attach', 'demo'], { env: { AGOR_RUN_TOKEN: 'a-token' } });
  assert.match(asAgent.stderr, /An agent may not attach/);
  const asJson = await home.run(['agent', 'attach', 'demo', '--json']);
  assert.match(asJson.stdout, /agor agent monitor/);
});
