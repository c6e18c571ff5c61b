/** Questions that nobody answers in time, where a person set a limit. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { PermissionRequest } from '../../../server/protocol/agent-event.ts';
import type { AgentId, ApprovalId, SessionId } from '../../../server/protocol/ids.ts';
import { AgentsWorld, unavailable } from '../../support/agents-world.ts';
import { askFor, beginTurn, requestHash, shownStateIn } from '../../support/asking-agent.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { ids, turnEnded } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

const minuteMs = 60_000;

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
const answers = () => world.asked.filter(({ method }) => method === 'run/answer').map(({ params }) => params);

describe('a question that nobody answers', () => {
  beforeEach(() => {
    world.set['permissions.timeLimitMin'] = 60;
  });

  it('waits for as long as its agent does, unless a limit is set', () => {
    world.set['permissions.timeLimitMin'] = 0;
    const approval = ask();
    world.clock.advance(60 * 24 * 365 * minuteMs);
    assert.deepEqual([stateOf(approval), world.feature.approvals.get(approval)?.expiresAt], ['open', null]);
  });

  it('is denied when its time is over, and the agent is told that nobody decided', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    await settled();
    world.clock.advance(60 * minuteMs - 1);
    assert.equal(stateOf(approval), 'open');
    world.clock.advance(1);
    assert.equal(stateOf(approval), 'expired');
    await settled();
    const [told] = answers();
    assert.match(JSON.stringify(told), /"decision":"deny","message":"Nobody answered within 60 minutes/);
    assert.deepEqual([shownState(), auditEvents(world.kept.stores).at(-1)], ['expired', 'approval_expired']);
    await assert.rejects(world.feature.answers.answer({ approval, hash: hash(), decision: 'allowOnce' }, 'cli'), {
      code: 'conflict',
      message: /already denied, because nobody answered within the time limit/,
    });
  });

  it('has the rest of its time with the next backend', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    await settled();
    world.clock.advance(40 * minuteMs);
    await world.nextBackend();
    world.clock.advance(20 * minuteMs - 1);
    assert.equal(stateOf(approval), 'open');
    world.clock.advance(1);
    assert.equal(stateOf(approval), 'expired');
  });

  it('waits no longer than the limit, whatever is done to the clock meanwhile', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    await settled();
    world.clock.setWallClock(-24 * 60 * minuteMs);
    await world.nextBackend();
    world.clock.advance(60 * minuteMs);
    assert.equal(stateOf(approval), 'expired');
  });

  it('waits anew when the limit is changed, and for good when it is taken away', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    await settled();
    world.clock.advance(50 * minuteMs);
    world.set['permissions.timeLimitMin'] = 20;
    world.feature.settingsChanged();
    world.clock.advance(19 * minuteMs);
    assert.equal(stateOf(approval), 'open');
    world.set['permissions.timeLimitMin'] = 0;
    world.feature.settingsChanged();
    world.clock.advance(600 * minuteMs);
    assert.equal(stateOf(approval), 'open');
  });

  it('is told to the agent again when its channel broke', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    await settled();
    world.answers.set('run/answer', () => unavailable);
    world.clock.advance(60 * minuteMs);
    await settled();
    world.answers.clear();
    world.asked.length = 0;
    const run = world.supervisor.run(id);
    assert.ok(run);
    world.attach(run, { sessionId });
    await settled();
    assert.match(JSON.stringify(answers()), new RegExp(`${approval}.*"deny".*Nobody answered`));
  });

  it('is withdrawn and no longer counted when its turn ends first', async () => {
    world.feature.settingsChanged();
    const approval = ask();
    world.does(id, sessionId, turnEnded(ids.turn()));
    await settled();
    world.clock.advance(600 * minuteMs);
    assert.equal(stateOf(approval), 'withdrawn');
  });
});
