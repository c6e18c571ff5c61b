/** Questions that a rule or a mode answers, and that are answered together. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { GivenAnswer } from '../../../server/agents/judge.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import type { AgentId, ApprovalId, RuleId, SessionId } from '../../../server/protocol/ids.ts';
import { AgentsWorld, unavailable } from '../../support/agents-world.ts';
import { askFor, beginTurn, requestHash, shownStateIn } from '../../support/asking-agent.ts';
import { ids, permissionAsked } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

const rule = newId<RuleId>();
const allowed: GivenAnswer = { by: 'rule', decision: 'allowOnce', actor: `rule:${rule}`, rule, message: null };
const denied: GivenAnswer = { by: 'mode', decision: 'deny', actor: 'mode:restricted', rule: null, message: 'not without a rule' };

let world: AgentsWorld;
let id: AgentId;
let sessionId: SessionId;

beforeEach(async () => {
  world = new AgentsWorld();
  world.feature.start();
  id = world.addAgent();
  sessionId = await begin(id);
});
afterEach(() => world.remove());

const begin = (agent: AgentId): Promise<SessionId> => beginTurn(world, agent);
const ask = (changed: Partial<PermissionRequest> = {}): ApprovalId => askFor(world, { id, sessionId }, changed);
const stateOf = (approval: ApprovalId) => world.feature.approvals.get(approval)?.state;
const hash = (changed: Partial<PermissionRequest> = {}) => requestHash(changed);
const shownState = () => shownStateIn(world, sessionId);
const actors = () =>
  world.kept.stores.btmsg.db.prepare<[], string>("select actor from audit_log where event = 'approval_answered'").pluck().all();
const answers = () => world.asked.filter(({ method }) => method === 'run/answer').map(({ params }) => params);

describe('a question that something answers for the person', () => {
  const used: RuleId[] = [];
  const judge = (answer: GivenAnswer) => ({
    mode: () => 'ask' as const,
    verdict: () => answer,
    used: (one: RuleId) => void used.push(one),
  });
  beforeEach(() => void used.splice(0));

  it('is answered as it is taken in, told to the agent once, shown and audited by what answered', async () => {
    world.judge = judge(allowed);
    const approval = ask();
    assert.equal(stateOf(approval), 'allowedOnce');
    assert.deepEqual([world.view(id).state, shownState()], ['running', 'allowedOnce'], 'it is never shown as one that waits');
    await settled();
    assert.deepEqual(answers(), [{ approvalId: approval, decision: 'allowOnce', message: null }]);
    assert.deepEqual([shownState(), actors(), used], ['allowedOnce', [`rule:${rule}`], [rule]]);
    assert.equal(world.feature.approvals.get(approval)?.rule, rule);
    await assert.rejects(world.feature.answers.answer({ approval, hash: hash(), decision: 'deny' }, 'cli'), {
      code: 'conflict',
      message: /already allowed by a rule/,
    });
  });

  it('is denied with a sentence to the agent', async () => {
    world.judge = judge(denied);
    const approval = ask();
    await settled();
    assert.deepEqual(answers(), [{ approvalId: approval, decision: 'deny', message: 'not without a rule' }]);
    assert.deepEqual([stateOf(approval), actors()], ['denied', ['mode:restricted']]);
  });

  it('says why a person is asked all the same', () => {
    world.judge = { ...judge(denied), verdict: () => ({ by: 'person', because: 'an incident lasts' }) };
    assert.equal(world.feature.approvals.get(ask())?.askedBecause, 'an incident lasts');
  });

  it('is withdrawn when its agent no longer waits, so that nothing stands as allowed that was not', async () => {
    world.judge = judge(allowed);
    world.answers.set('run/answer', () => ({ delivered: false }));
    const approval = ask();
    await settled();
    assert.deepEqual([stateOf(approval), shownState()], ['withdrawn', 'withdrawn']);
  });

  it('is told by the next backend, when the one that answered was killed before it told', async () => {
    world.judge = judge(allowed);
    world.answers.set('run/answer', () => unavailable);
    const approval = ask();
    await world.nextBackend();
    world.answers.clear();
    world.asked.length = 0;
    const run = world.supervisor.run(id);
    assert.ok(run);
    world.attach(run, { sessionId });
    await settled();
    assert.deepEqual(answers(), [{ approvalId: approval, decision: 'allowOnce', message: null }]);
    assert.deepEqual([stateOf(approval), actors().length], ['allowedOnce', 1]);
  });

  it('is never answered for a sidecar that is dead', async () => {
    world.judge = judge(allowed);
    const approval = ids.approval();
    world.leftovers = world.numbered(id, sessionId, permissionAsked(approval));
    const run = world.supervisor.run(id);
    assert.ok(run?.record.sidecar);
    process.kill(run.record.sidecar.pid, 'SIGKILL');
    await run.ended.catch(() => {});
    await settled();
    assert.deepEqual([stateOf(approval), actors()], ['withdrawn', []]);
  });
});

describe('questions of several agents', () => {
  it('are first in, first out, whoever asks', async () => {
    const other = world.addAgent('other');
    const theirs = await begin(other);
    const asked = [ask()];
    for (let round = 0; round < 3; round += 1) {
      const approval = ids.approval();
      world.does(other, theirs, permissionAsked(approval));
      asked.push(approval, ask());
    }
    assert.deepEqual(
      world.feature.approvals.open().map((open) => open.id),
      asked,
    );
  });
});

describe('questions that are answered together', () => {
  const run = (command: string) => ({ command });

  it('are answered each on its own hash, each audited, and what could not be is told', async () => {
    const [first, second, third] = [ask(run('npm test a')), ask(run('npm test b')), ask(run('npm test c'))];
    await world.feature.answers.answer({ approval: third, hash: hash(run('npm test c')), decision: 'deny' }, 'extension');
    const answers = [
      { approval: first, hash: hash(run('npm test a')) },
      { approval: second, hash: hash(run('npm test x')) },
      { approval: third, hash: hash(run('npm test c')) },
    ];
    const { answered, refused } = await world.feature.answers.answerAll({ answers, decision: 'allowOnce' }, 'cli');
    assert.deepEqual(
      answered.map(({ id, state }) => [id, state]),
      [[first, 'allowedOnce']],
    );
    assert.deepEqual(
      refused.map(({ approval }) => approval),
      [second, third],
    );
    assert.match(refused.map(({ sentence }) => sentence).join(), /not the one that was shown.*already denied/);
    assert.deepEqual([stateOf(second), actors()], ['open', ['extension', 'cli']]);
  });

  const others: [name: string, changed: Partial<PermissionRequest>][] = [
    ['another program', { command: 'rm -rf build', resolved: '/usr/bin/rm' }],
    ['another subcommand', { command: 'npm install x' }],
    ['the same name for another file', { resolved: '/srv/shop/npm' }],
    ['what a shell decides', { command: 'npm test && rm -rf build', resolved: null }],
    ['another tool', { toolName: 'Monitor' }],
    ['one that shows more', { content: [{ type: 'text', text: '{"timeout":1}' }] }],
  ];
  for (const [name, changed] of others) {
    it(`are of one kind, and none is answered beside ${name}`, async () => {
      const asked = [{}, changed].map((one) => ({ approval: ask(one), hash: hash(one) }));
      await assert.rejects(world.feature.answers.answerAll({ answers: asked, decision: 'allowOnce' }, 'cli'), { code: 'badRequest' });
      assert.equal(world.feature.approvals.open().length, 2);
    });
  }
});

describe('an answer that is a rule', () => {
  it('settles the question that was shown and those that fit, and nothing when it is refused', async () => {
    const [shown, equal, other] = [ask(), ask(), ask({ command: 'npm run build' })];
    const make = () => ({
      id: rule,
      decision: 'allowOnce' as const,
      fits: (one: { request: PermissionRequest }) => one.request.command === 'npm test',
    });
    await assert.rejects(world.feature.answers.answerByRule({ approval: shown, hash: 'old', actor: 'cli' }, make), { code: 'refused' });
    assert.equal(world.feature.approvals.open().length, 3);
    const answered = await world.feature.answers.answerByRule({ approval: shown, hash: hash(), actor: 'cli' }, make);
    assert.deepEqual(
      answered.map(({ id, answeredBy, rule }) => [id, answeredBy, rule]),
      [
        [shown, 'cli', rule],
        [equal, `rule:${rule}`, rule],
      ],
    );
    assert.deepEqual(
      world.feature.approvals.open().map(({ id }) => id),
      [other],
    );
  });
});
