import assert from 'node:assert/strict';
import { afterEach, beforeEach, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, PromptId, SessionId, TurnId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { AgentsWorld, unavailable } from '../../support/agents-world.ts';
import { plainCapabilities } from '../../support/protocol-samples.ts';
import { auditEvents } from '../../support/test-stores.ts';
import { ids, text, turnEnded, turnStarted } from '../../support/transcripts.ts';
import { settled } from '../../support/worker-world.ts';

let world: AgentsWorld;
let id: AgentId;

beforeEach(() => {
  world = new AgentsWorld();
  id = world.addAgent();
  takes(true);
});
afterEach(() => world.remove());

function takes(steer: boolean): void {
  world.answers.set('run/open', () => ({ capabilities: { ...plainCapabilities, steer }, programPid: 11, programVersion: '1' }));
}

/** A turn runs, and a prompt waits behind it. */
async function behindTurn(): Promise<{ sessionId: SessionId; turnId: TurnId; promptId: PromptId }> {
  const { promptId: first, sessionId } = world.feature.agents.prompt({ agent: id, text: 'go' });
  await settled();
  const turnId = ids.turn();
  world.does(id, sessionId, turnStarted(turnId, first), text(ids.item(), 0, 'Well'));
  world.asked.length = 0;
  const { promptId } = world.feature.agents.prompt({ agent: id, text: 'and this' });
  return { sessionId, turnId, promptId };
}

function kinds(session: SessionId): string[] {
  const shown = (item: Item) => (item.kind === 'prompt' ? `${item.text}: ${item.state}` : item.kind);
  return world.feature.sessions.page(session, undefined, 100).items.map(shown);
}

it('a prompt that waits goes into the running turn, and stands there once the program has it', async () => {
  const { sessionId, turnId, promptId } = await behindTurn();
  assert.deepEqual(await world.feature.agents.steer({ agent: id }), { promptId, joined: true });
  assert.deepEqual(world.asked, [{ method: 'run/prompt', params: { promptId, text: 'and this', intoTurn: true } }]);
  assert.equal(world.view(id).queuedPrompts, 1);
  world.does(id, sessionId, { type: 'promptJoined', turnId, promptIds: [promptId] }, text(ids.item(), 0, 'I see'));
  assert.deepEqual(kinds(sessionId), ['go: sent', 'text', 'and this: sent', 'text']);
  assert.equal(world.view(id).queuedPrompts, 0);
  assert.equal(auditEvents(world.kept.stores).at(-1), 'prompt_joined');
  world.asked.length = 0;
  world.does(id, sessionId, turnEnded(turnId));
  await settled();
  assert.deepEqual(world.asked, []);
});

it('asked again, a prompt that has gone is no mistake', async () => {
  const { sessionId, turnId, promptId } = await behindTurn();
  await world.feature.agents.steer({ agent: id, promptId });
  world.does(id, sessionId, { type: 'promptJoined', turnId, promptIds: [promptId] });
  assert.deepEqual(await world.feature.agents.steer({ agent: id, promptId }), { promptId, joined: true });
  await assert.rejects(world.feature.agents.steer({ agent: id }), { code: 'notFound', message: /No prompt waits/ });
});

it('a sidecar that dies before the prompt is told as part of the turn never had it, and the prompt waits', async () => {
  const { promptId } = await behindTurn();
  world.answers.set('run/prompt', () => unavailable);
  await assert.rejects(world.feature.agents.steer({ agent: id }), { code: 'unavailable' });
  assert.equal(world.feature.agents.promptState(promptId), 'queued');
});

it('prompts go out in the order in which they were sent', async () => {
  await behindTurn();
  const { promptId } = world.feature.agents.prompt({ agent: id, text: 'last' });
  await assert.rejects(world.feature.agents.steer({ agent: id, promptId }), { code: 'conflict', message: /Other prompts wait before/ });
});

it('a program that takes no prompt into a turn gets it behind the turn, and that is said', async () => {
  takes(false);
  await behindTurn();
  await assert.rejects(world.feature.agents.steer({ agent: id }), { code: 'refused', message: /It gets this one when its turn ends/ });
  assert.deepEqual(world.asked, []);
});

it('a prompt of another session, of a paused agent, or of nobody is refused', async () => {
  await behindTurn();
  await assert.rejects(world.feature.agents.steer({ agent: id, promptId: newId<PromptId>() }), { code: 'notFound' });
  await world.feature.agents.pause('demo', 'cli');
  await assert.rejects(world.feature.agents.steer({ agent: id }), { code: 'conflict', message: /is paused/ });
});

it('without a turn the prompt is given as ever', async () => {
  const { promptId } = world.feature.agents.prompt({ agent: id, text: 'go' });
  assert.deepEqual(await world.feature.agents.steer({ agent: id }), { promptId, joined: false });
});
