import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Approval } from '../../server/protocol/approval.ts';
import { Health } from '../../server/protocol/health.ts';
import { requests } from '../../server/protocol/requests.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

describe('permission', () => {
  let home: AgorHome;
  before(async () => {
    home = await agorHome();
    await home.json(['project', 'add', '.']);
    await home.json(['agent', 'add', 'demo', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']);
  });
  after(() => home.close());

  /** The one file that the demo agent writes. */
  const notes = () => readFile(join(home.project, 'agor-demo.md'), 'utf8').catch(() => '');

  it('is shown with the command that answers, and allowed in another terminal', async () => {
    const before = await notes();
    const waiting = home.start(['agent', 'prompt', 'demo', 'edit', '--wait']);
    await waiting.seen(/Answer with: agor approve [0-9a-f]{8}/);
    const { approvals } = requests['approval/list'].result.parse(await home.json(['approve', '--list']));
    assert.equal(approvals.length, 1);
    const answer = await home.run(['approve']);
    assert.equal(answer.code, 0, answer.stderr);
    assert.match(answer.stdout, /^ {2}\+ .*\n/m, 'what is allowed is shown');
    assert.match(answer.stdout, /→ allowed once/);
    const { code, stderr } = await waiting.finished;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /allowed once, by /);
    assert.notEqual(await notes(), before);
  });

  it('is denied, and nothing is written', async () => {
    const before = await notes();
    const waiting = home.start(['agent', 'prompt', 'demo', 'edit', '--wait']);
    await waiting.seen(/agor deny [0-9a-f]{8}/);
    assert.equal(Approval.parse(await home.json(['deny', '--message', 'not now'])).state, 'denied');
    assert.equal((await waiting.finished).code, 0);
    assert.equal(await notes(), before);
  });

  it('is not given by an agent', async () => {
    const waiting = home.start(['agent', 'prompt', 'demo', 'edit', '--wait']);
    await waiting.seen(/agor approve/);
    const refused = await home.run(['approve'], { env: { AGOR_RUN_TOKEN: 'a-token' } });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /An agent may not answer/);
    await home.json(['deny']);
    await waiting.finished;
  });

  it('is not given where nothing is asked', async () => {
    const { code, stderr } = await home.run(['approve']);
    assert.equal(code, 1);
    assert.match(stderr, /No question is open/);
  });
});

describe('a turn that is waited for', () => {
  let home: AgorHome;
  before(async () => {
    home = await agorHome({ AGOR_DEMO_SPEED: '5' });
    await home.json(['project', 'add', '.']);
    await home.json(['agent', 'add', 'demo', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']);
  });
  after(() => home.close());

  it('is interrupted by the first Ctrl+C, and its end is waited for', async () => {
    const waiting = home.start(['agent', 'prompt', 'demo', 'slow', '--wait']);
    await waiting.seen(/I am/);
    waiting.child.kill('SIGINT');
    const { code, stderr } = await waiting.finished;
    assert.equal(code, 1);
    assert.match(stderr, /did not complete: interrupted/);
  });

  it('goes on when the backend is killed, and its text comes once', async () => {
    const waiting = home.start(['agent', 'prompt', 'demo', 'long', '--wait']);
    await waiting.seen(/A tour/);
    process.kill(Health.parse(await home.json(['health'])).pid, 'SIGKILL');
    const { code, stdout, stderr } = await waiting.finished;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /The backend went away/);
    const { items } = requests['session/items'].result.parse(await home.json(['session', 'show']));
    const end = items.at(-1);
    const said = items.flatMap((item) => (item.kind === 'text' && item.turnId === end?.turnId ? [item.text] : []));
    assert.equal(stdout.trim(), said.join('\n\n').trim());
  });

  it('goes on when whoever waits goes away', async () => {
    const waiting = home.start(['agent', 'prompt', 'demo', 'long', '--wait']);
    await waiting.seen(/A tour/);
    waiting.child.stdout.destroy();
    const { code } = await waiting.finished;
    assert.equal(code, 0, 'a reader that stops reading is no failure');
    const { agents } = requests['agent/list'].result.parse(await home.json(['agent', 'list']));
    assert.equal(agents[0]?.state, 'running');
    await home.json(['agent', 'interrupt', 'demo']);
  });

  it('is left by the second Ctrl+C, and another prompt is never interrupted', async () => {
    const first = home.start(['agent', 'prompt', 'demo', 'slow', '--wait']);
    await first.seen(/I am/);
    const second = home.start(['agent', 'prompt', 'demo', 'hello', '--wait']);
    await second.seen(/waits for its turn/);
    second.child.kill('SIGINT');
    await second.seen(/keeps its place/);
    second.child.kill('SIGINT');
    assert.equal((await second.finished).code, 130);
    first.child.kill('SIGINT');
    const { code, stderr } = await first.finished;
    assert.equal(code, 1);
    assert.match(stderr, /did not complete: interrupted/);
  });
});
