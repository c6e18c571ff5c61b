import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../../server/dispatch.ts';
import { seenBy, teamHandlers } from '../../../server/handlers/team-handlers.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { AgentId } from '../../../server/protocol/ids.ts';
import { TeamsWorld } from '../../support/teams-world.ts';
import { WakesWorld } from '../../support/wakes-world.ts';

test('wakes are listed for all or one, newest first, and a person wakes an agent by its name', () => {
  const world = new WakesWorld();
  const { kept, teams } = new TeamsWorld();
  try {
    const ids = new Map([
      ['lead', world.add()],
      ['other', world.add()],
    ]);
    const agentIdOf = (reference: string) => {
      const id = ids.get(reference);
      if (!id) throw new AgorError('notFound', `There is no agent "${reference}".`);
      return id;
    };
    const handlers = teamHandlers({ teams, wakes: world.wakes, agentIdOf, teammates: () => [] });
    const caller = { kind: 'cli', watcher: () => {} } as const;
    const woken = ['lead', 'other'].map((agent) => handlers['wake/now']({ agent }, caller));
    assert.deepEqual(handlers['wake/list']({}, caller), { wakes: woken.toReversed() });
    assert.deepEqual(handlers['wake/list']({ agent: 'lead' }, caller), { wakes: [woken[0]] });
    assert.deepEqual(handlers['wake/list']({ limit: 1 }, caller), { wakes: [woken[1]] });
    assert.throws(() => handlers['wake/now']({ agent: 'nobody' }, caller), { code: 'notFound' });
  } finally {
    world.remove();
    kept.remove();
  }
});

test('an agent sees the teams, agents and projects of its own team, and nobody else is kept from any', () => {
  const world = new TeamsWorld();
  try {
    for (const name of ['own', 'foreign']) world.project(name);
    const [agent, stranger] = [world.agent('own', 'builder'), world.agent('foreign', 'stranger')].map((id) => AgentId.parse(id));
    assert.ok(agent && stranger);
    const projects = ['own', 'foreign'].map((name) => world.projects.find(name).id);
    const watcher = () => {};
    const seen = (caller: Caller) => {
      const is = seenBy(caller, world.teams);
      return [[agent, stranger].map(is.agent), projects.map(is.project), world.teams.profiles.teams().map(({ id }) => is.team(id))];
    };
    assert.deepEqual(seen({ kind: 'agent', agentId: agent, watcher }), Array(3).fill([true, false]));
    for (const kind of ['cli', 'assistant'] as const) assert.deepEqual(seen({ kind, watcher }), Array(3).fill([true, true]));
  } finally {
    world.remove();
  }
});
