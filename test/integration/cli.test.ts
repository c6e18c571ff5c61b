import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as z from 'zod/mini';
import { Agent } from '../../server/protocol/agent.ts';
import { Health } from '../../server/protocol/health.ts';
import { Project } from '../../server/protocol/project.ts';
import { requests } from '../../server/protocol/requests.ts';
import { type AgorHome, agorHome } from '../support/run-agor.ts';

const Followed = z.object({ sessionId: z.string(), reason: z.string(), message: z.string(), text: z.string() });

let home: AgorHome;
before(async () => {
  home = await agorHome();
});
after(() => home.close());

describe('the first steps, from an empty data directory', () => {
  it('add a project, an agent, and print its answer, which the session then has', async () => {
    const added = await home.run(['project', 'add', '.']);
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /Added project .*\nproject is trusted/);

    const agent = await home.run(['agent', 'add', 'demo', '--provider', 'demo']);
    assert.equal(agent.code, 0, agent.stderr);

    const prompted = await home.run(['agent', 'prompt', 'demo', 'hello', '--wait']);
    assert.equal(prompted.code, 0, prompted.stderr);
    assert.ok(prompted.stdout.trim().length > 0);
    assert.match(prompted.stderr, /^\* /m, 'the tool calls are told on stderr');

    const shown = requests['session/items'].result.parse(await home.json(['session', 'show']));
    const said = shown.items.flatMap((item) => (item.kind === 'text' ? [item.text.trim()] : []));
    assert.equal(said.join('\n\n'), prompted.stdout.trim());
    assert.deepEqual(
      shown.items.filter(({ kind }) => kind === 'prompt' || kind === 'turnEnd').map(({ kind }) => kind),
      ['prompt', 'turnEnd'],
    );
  });

  it('every list is a document that fits the contract, and a table', async () => {
    const lists = { project: 'project/list', agent: 'agent/list', session: 'session/list' } as const;
    for (const [noun, method] of Object.entries(lists)) {
      assert.ok(requests[method].result.safeParse(await home.json([noun, 'list'])).success, noun);
      const { stdout } = await home.run([noun, 'list']);
      assert.match(stdout, /^ID {2,}.*\n[0-9a-f]{8} {2}/);
    }
  });

  it('health is the pinned document', async () => {
    const health = Health.parse(await home.json(['health']));
    assert.equal(health.dataDir, home.dataDir);
    assert.equal(health.sidecars.length, 1);
    assert.match((await home.run(['health'])).stdout, /^Backend +healthy, pid \d+/);
  });
});

describe('an agent from the command line', () => {
  before(() => home.json(['agent', 'add', 'quick', '--provider', 'demo', '--env', 'AGOR_DEMO_SPEED']));

  it('is stopped, started, paused, resumed, restarted, and its log read', async () => {
    const state = async (...words: string[]) => {
      const { state, paused } = Agent.parse(await home.json(['agent', ...words, 'quick']));
      return paused ? `${state}, paused` : state;
    };
    assert.equal(await state('stop'), 'stopped');
    assert.equal(await state('start'), 'idle');
    assert.equal(await state('pause'), 'idle, paused');
    assert.equal(await state('resume'), 'idle');
    assert.equal(await state('restart'), 'idle');
    assert.equal(await state('interrupt'), 'idle');
    const { lines } = requests['agent/logs'].result.parse(await home.json(['agent', 'logs', '-n', '5', 'quick']));
    assert.ok(lines.length > 0 && lines.length <= 5);
  });

  it('a prompt comes from stdin, and its answer is one document with --json', async () => {
    const { code, stdout } = await home.run(['agent', 'prompt', 'quick', '-', '--wait', '--json'], { input: 'help' });
    assert.equal(code, 0);
    const followed = Followed.parse(JSON.parse(stdout));
    assert.equal(followed.reason, 'completed');
    assert.match(followed.text, /I have no model/);
  });

  it('a failed turn, and one whose program crashed, end with 1 and the reason', async () => {
    const failed = await home.run(['agent', 'prompt', 'quick', 'error', '--wait']);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /did not complete: failed after .*told to fail/);
    const crashed = await home.run(['agent', 'prompt', 'quick', 'crash', '--wait', '--json']);
    assert.equal(crashed.code, 1);
    assert.equal(Followed.parse(JSON.parse(crashed.stdout)).reason, 'crashed');
  });
});

describe('a project and its sessions from the command line', () => {
  it('a new session begins, and the earlier one is taken up again', async () => {
    const { sessions } = requests['session/list'].result.parse(await home.json(['session', 'list', '--agent', 'quick']));
    const [earlier] = sessions;
    assert.ok(earlier);
    await home.json(['session', 'new', 'quick']);
    await home.json(['session', 'resume', earlier.id.slice(-8)]);
    const followed = Followed.parse(await home.json(['agent', 'prompt', 'quick', 'hello again', '--wait']));
    assert.equal(followed.sessionId, earlier.id);
  });

  it('a prompt without --wait is sent, and can be read along', async () => {
    const { code, stdout } = await home.run(['agent', 'prompt', 'quick', 'hello']);
    assert.equal(code, 0);
    assert.match(stdout, /^Sent; .*agor session show [0-9a-f]{8}$/m);
  });

  it('trust is taken back and given again', async () => {
    assert.equal(Project.parse(await home.json(['project', 'trust', 'project', '--revoke'])).trusted, false);
    const refused = await home.run(['agent', 'prompt', 'quick', 'hello']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /trust/);
    assert.equal(Project.parse(await home.json(['project', 'trust', 'project'])).trusted, true);
  });
});
