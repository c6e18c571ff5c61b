import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AgentId } from '../../../server/protocol/ids.ts';
import type { AgentProfile } from '../../../server/protocol/team.ts';
import { TeamsWorld } from '../../support/teams-world.ts';
import { fillDisk } from '../../support/test-stores.ts';

let world: TeamsWorld;
let told: AgentProfile[];

beforeEach(() => {
  world = new TeamsWorld();
  world.project('shop');
  told = [];
  world.teams.profiles.changed.on((profiles) => void told.push(...profiles));
});
afterEach(() => world.remove());

test('an agent that nobody gave a part is a project agent in the team of its project', () => {
  const agentId = AgentId.parse(world.agent('shop', 'builder'));
  assert.equal(world.teams.profiles.hasOwn(agentId), false);
  assert.deepEqual(world.teams.profiles.of(agentId), {
    ...{ agentId, role: 'project', tier: 2, teamId: world.projects.find('shop').id, memberKey: null, description: '', systemPrompt: '' },
    ...{ wakeStrategy: null, wakeIntervalMin: 3, wakeThreshold: 0.5, stallThresholdMin: 15, autonomousMode: 'restricted', enabled: true },
  });
});

test('a role that is given brings its tier, is audited and told, and stays with the next backend', () => {
  const agentId = AgentId.parse(world.agent('shop', 'lead'));
  const profile = world.teams.profiles.configure(agentId, { role: 'manager', wakeStrategy: 'smart', stallThresholdMin: 20 }, 'cli');
  assert.deepEqual([profile.role, profile.tier, profile.wakeStrategy, profile.stallThresholdMin], ['manager', 1, 'smart', 20]);
  assert.deepEqual(world.details('role_changed'), [{ tier: 1, role: 'manager', wakeStrategy: 'smart', stallThresholdMin: 20 }]);
  assert.deepEqual(told, [profile]);
  world.nextBackend();
  assert.deepEqual(world.teams.profiles.of(agentId), profile);
});

test('what is not named stays, and what changes nothing is neither written nor told', () => {
  const agentId = AgentId.parse(world.agent('shop', 'lead'));
  world.teams.profiles.configure(agentId, { role: 'manager', wakeStrategy: 'smart' }, 'cli');
  world.teams.profiles.configure(agentId, { wakeStrategy: null }, 'cli');
  world.teams.profiles.configure(agentId, { wakeStrategy: null }, 'cli');
  const { role, wakeStrategy } = world.teams.profiles.of(agentId);
  assert.deepEqual([role, wakeStrategy, told.length, world.details('role_changed').length], ['manager', null, 2, 2]);
});

test('what the disk does not take is neither in force nor told', () => {
  const agentId = AgentId.parse(world.agent('shop', 'lead'));
  fillDisk(world.kept.stores.btmsg.db);
  const change = { role: 'manager', systemPrompt: 'x'.repeat(200_000) } as const;
  assert.throws(() => world.teams.profiles.configure(agentId, change, 'cli'), { code: 'storage' });
  assert.deepEqual([world.teams.profiles.of(agentId).role, told], ['project', []]);
});

test('an agent that was removed has no part any more, and leaves its own behind', () => {
  const agentId = AgentId.parse(world.agent('shop', 'lead'));
  world.teams.profiles.configure(agentId, { role: 'manager' }, 'cli');
  world.registry.remove(agentId, 'cli');
  assert.throws(() => world.teams.profiles.of(agentId), { code: 'notFound' });
  assert.equal(world.teams.profiles.hasOwn(agentId), false);
});

test('teams are the groups, and the projects that have agents of no group', () => {
  world.project('empty');
  world.agent('shop', 'builder');
  const { id, name } = world.projects.find('shop');
  assert.deepEqual(world.teams.profiles.teams(), [{ id, name, kind: 'project', projectIds: [id] }]);
});
