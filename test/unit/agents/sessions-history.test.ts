/** Sessions as the history that a person looks into: their prompts, titles and ends. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, test } from 'node:test';
import type { Sessions } from '../../../server/agents/sessions.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import { plainTerms } from '../../support/asked.ts';
import { nothing, SessionsWorld, source } from '../../support/sessions-world.ts';
import { ids, Numbered, permissionAsked, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

let world: SessionsWorld;

beforeEach(() => {
  world = new SessionsWorld();
});
afterEach(() => world.kept.remove());

describe('a prompt', () => {
  it('is in the transcript and in the queue, or in neither', () => {
    const fails = () => {
      throw new Error('no room in the queue');
    };
    assert.throws(() => world.sessions.addPrompt(world.id, { id: ids.prompt(), text: 'go' }, fails), /no room/);
    assert.deepEqual([world.items(), world.sessions.get(world.id).title], [[], '']);
    world.sessions.addPrompt(world.id, { id: ids.prompt(), text: 'go' }, nothing);
    assert.deepEqual(world.kinds(), ['prompt']);
  });

  it('that is taken back is shown as dropped', () => {
    const promptId = ids.prompt();
    world.sessions.addPrompt(world.id, { id: promptId, text: 'go' }, nothing);
    world.sessions.dropPrompt(world.id, promptId, nothing);
    const [item] = world.items();
    assert.equal(item?.kind === 'prompt' && item.state, 'dropped');
  });

  it('that could not be given is a turn that failed, and says why', () => {
    const promptId = ids.prompt();
    world.sessions.addPrompt(world.id, { id: promptId, text: 'go' }, nothing);
    let wasMarked = false;
    const mark = () => {
      wasMarked = true;
    };
    world.sessions.failPrompt(world.id, promptId, { type: 'unknown', message: 'no such program', retryable: false }, mark);
    const end = world.items().at(-1);
    assert.deepEqual(world.kinds(), ['prompt', 'turnEnd']);
    assert.equal(end?.kind === 'turnEnd' && end.failure?.message, 'no such program');
    assert.deepEqual([wasMarked, world.sessions.runningTurn(world.id)], [true, null]);
  });

  for (const [name, prompt, title] of [
    ['its first line', 'Fix the build\nplease', 'Fix the build'],
    ['the first line that says something', '\n   \n  Fix it  \nnow', 'Fix it'],
    ['the beginning of a long line', 'x'.repeat(200), `${'x'.repeat(79)}…`],
    ['never half a character', `${'x'.repeat(78)}\u{1f600}\u{1f600}`, `${'x'.repeat(78)}…`],
  ] as const) {
    it(`gives the session its title: ${name}`, () => {
      world.sessions.addPrompt(world.id, { id: ids.prompt(), text: prompt }, nothing);
      world.sessions.addPrompt(world.id, { id: ids.prompt(), text: 'something else' }, nothing);
      assert.equal(world.sessions.get(world.id).title, title);
      assert.equal(world.again().get(world.id).title, title);
    });
  }
});

describe('a session', () => {
  it('is found by its id, in any case, or the beginning or end of it', () => {
    const { id } = world;
    const other = world.sessions.create(source.agentId, source.projectId);
    for (const part of [id, id.toUpperCase(), id.slice(-8), id.slice(0, 20)]) {
      if (!other.id.startsWith(part)) assert.equal(world.sessions.find(part).id, id);
    }
    assert.throws(() => world.sessions.find(id.slice(0, 8)), { code: 'ambiguous' });
    assert.throws(() => world.sessions.find('fffffffff'), { code: 'notFound' });
    assert.throws(() => world.sessions.find(newId()), { code: 'notFound' });
    assert.throws(() => world.sessions.find('undefined/undefined'), { code: 'notFound' });
  });

  it('is listed newest first, by agent, by project and to a limit', () => {
    const other = world.sessions.create(newId<AgentId>(), source.projectId);
    world.sessions.addPrompt(world.id, { id: ids.prompt(), text: 'go' }, nothing);
    const list = (filter: Partial<Parameters<Sessions['list']>[0]>) =>
      world.sessions.list({ agentId: null, projectId: null, limit: 10, ...filter }).map((session) => session.id);
    assert.deepEqual(list({}), [world.id, other.id]);
    assert.deepEqual(list({ agentId: other.agentId }), [other.id]);
    assert.deepEqual(list({ projectId: newId<ProjectId>() }), []);
    assert.deepEqual(list({ limit: 1 }), [world.id]);
  });

  it('in which a turn ran when the backend was killed is known, and can be ended', () => {
    const turn = ids.turn();
    world.take(turnStarted(turn), text(ids.item(), 0, 'Hel'));
    assert.deepEqual(
      world
        .again()
        .running()
        .map((session) => session.id),
      [world.id],
    );
    world.sessions.endTurn(world.id, { reason: 'crashed', failure: null }, () => {});
    world.sessions.endTurn(world.id, { reason: 'crashed', failure: null }, () => {});
    assert.deepEqual(world.kinds(), ['text', 'turnEnd']);
    assert.deepEqual(world.sessions.running(), []);
  });

  it('whose tools run on is closed with the agent, also one that is not its current one', () => {
    const turn = ids.turn();
    world.take(turnStarted(turn), toolStarted(ids.item()), turnEnded(turn));
    const other = world.sessions.create(source.agentId, source.projectId);
    world.sessions.takeIn(source, new Numbered(other.id, 10).of(toolStarted(ids.item())), nothing);
    world.again().closeTools(source.agentId);
    for (const session of [world.id, other.id]) {
      const [tool] = world.items(session);
      assert.equal(tool?.kind === 'tool' && tool.status, 'interrupted');
    }
  });

  it('shows an answer once, and a session that is gone has none to show', () => {
    const approvalId = ids.approval();
    world.take(turnStarted(ids.turn()), permissionAsked(approvalId));
    const [asked] = world.items();
    assert.ok(asked?.kind === 'permission');
    const settled = {
      id: approvalId,
      ...source,
      request: asked.request,
      hash: asked.hash,
      askedAt: 1,
      answeredAt: 2,
      ...plainTerms,
    } as const;
    world.sessions.showAnswer({ ...settled, sessionId: world.id, state: 'denied', answeredBy: 'cli' });
    world.sessions.showAnswer({ ...settled, sessionId: world.id, state: 'allowedOnce', answeredBy: 'extension' });
    world.sessions.showAnswer({ ...settled, sessionId: newId<SessionId>(), state: 'denied', answeredBy: 'cli' });
    const [shown] = world.items();
    assert.equal(shown?.kind === 'permission' && shown.state, 'denied');
  });
});

test('many sessions can be looked at without any of them being forgotten', () => {
  const block = ids.item();
  world.take(turnStarted(ids.turn()));
  world.sessions.stream(world.id, text(block, 0, 'not kept yet'));
  for (let count = 0; count < 500; count += 1) world.sessions.get(world.sessions.create(source.agentId, source.projectId).id);
  assert.deepEqual(world.texts(), ['not kept yet']);
});
