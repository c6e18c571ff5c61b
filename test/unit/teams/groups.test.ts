import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { AgentId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import type { GroupReport } from '../../../server/protocol/team.ts';
import { shopGroup, TeamsWorld } from '../../support/teams-world.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';

let world: TeamsWorld;

beforeEach(() => {
  world = new TeamsWorld();
  for (const name of ['shop', 'stock']) world.kept.folder(name);
});
afterEach(() => world.remove());

const agentNames = () => world.registry.all().map(({ name }) => name);
const errors = ({ problems }: GroupReport) => problems.filter(({ severity }) => severity === 'error');

describe('applying groups.json', () => {
  it('makes its projects, untrusted, and its agents with their parts, in one transaction', () => {
    const before = world.commits();
    const report = world.apply(shopGroup());
    assert.deepEqual([report.isInForce, report.problems], [true, []]);
    assert.deepEqual(
      world.projects.list().map(({ name, trusted }) => [name, trusted]),
      [
        ['Shop', false],
        ['Stock Room', false],
      ],
    );
    assert.deepEqual(agentNames().sort(), ['lead', 'probe', 'shop', 'stock-room']);
    // One for the audit row of each project, and one for all the rest.
    assert.equal(world.commits() - before, 3);
    const lead = world.teams.profiles.of(world.idOf('lead'));
    assert.deepEqual([lead.role, lead.tier, lead.teamId, lead.memberKey, lead.wakeStrategy], ['manager', 1, 'store', 'a1', 'smart']);
    assert.deepEqual([lead.wakeThreshold, lead.systemPrompt], [0.7, 'Be brief.']);
    assert.equal(world.teams.profiles.of(world.idOf('stock-room')).stallThresholdMin, 30);
    assert.equal(world.directory.projectName(world.party('probe')), 'Stock Room');
  });

  it('tells what it did, in the report and in the audit log', () => {
    const { changes } = world.apply(shopGroup());
    assert.deepEqual(changes, [
      'group Store added',
      'project Shop joined Store',
      'project Stock Room joined Store',
      'agent lead added to Shop',
      'agent probe added to Stock Room',
      'agent shop added to Shop',
      'agent stock-room added to Stock Room',
      'agent lead joined Store as manager',
      'agent probe joined Store as tester',
      'agent shop joined Store as project',
      'agent stock-room joined Store as project',
      'contacts: 9 added, 0 removed',
    ]);
    assert.deepEqual(world.details('groups_applied'), [{ changes }]);
    assert.equal(auditEvents(world.kept.stores).filter((event) => event === 'agent_registered').length, 4);
  });

  it('again without a change writes nothing', () => {
    world.apply(shopGroup());
    const before = world.commits();
    assert.deepEqual(world.teams.groups.apply('cli').changes, []);
    world.nextBackend();
    const start = world.commits();
    assert.deepEqual(world.teams.groups.apply('backend').changes, []);
    assert.deepEqual([world.commits(), world.registry.all().length], [start, 4]);
    assert.ok(start >= before);
  });

  it('keeps a trusted project trusted, and finds it through a symbolic link', () => {
    const { id } = world.projects.add({ path: world.kept.folder('shop'), trusted: true }, 'cli');
    symlinkSync(world.kept.folder('shop'), join(world.kept.dir, 'link'));
    world.apply(shopGroup({ projects: [{ id: 'p1', name: 'Shop', cwd: '~/link', provider: 'demo' }], agents: [] }));
    assert.deepEqual(
      world.projects.list().map((project) => [project.id, project.trusted]),
      [[id, true]],
    );
  });

  it('takes over an agent of the same name that belongs to no group', () => {
    world.project('shop');
    const before = world.agent('shop', 'lead');
    world.apply(shopGroup());
    assert.equal(world.party('shop/lead'), before);
    assert.deepEqual(auditEvents(world.kept.stores).filter((event) => event === 'agent_registered').length, 4);
  });

  it('renames an agent, changes its model, and leaves what the file does not say', () => {
    world.apply(shopGroup());
    const lead = world.idOf('lead');
    world.registry.configure(lead, { ...world.registry.get(lead), sandboxMode: 'required', model: 'small' }, 'cli');
    world.apply(shopGroup({ agents: [{ id: 'a1', name: 'boss', role: 'architect', provider: 'demo' }] }));
    const { name, model, sandboxMode } = world.registry.get(lead);
    assert.deepEqual([name, model, sandboxMode, world.teams.profiles.of(lead).role], ['boss', 'small', 'required', 'architect']);
    world.apply(shopGroup({ agents: [{ id: 'a1', name: 'boss', role: 'architect', provider: 'demo', model: 'large' }] }));
    assert.equal(world.registry.get(lead).model, 'large');
  });

  it('another program begins a new conversation', () => {
    world.apply(shopGroup());
    const lead = world.idOf('lead');
    world.registry.setSession(lead, world.registry.get(lead).id as never); // Any id does; it is only kept.
    world.apply(shopGroup({ agents: [{ id: 'a1', name: 'lead', role: 'manager', provider: 'acp', command: ['gemini'] }] }));
    const { provider, command, sessionId } = world.registry.get(lead);
    assert.deepEqual([provider, command, sessionId], ['acp', ['gemini'], null]);
    world.nextBackend();
    assert.deepEqual(world.registry.get(lead).command, ['gemini']);
  });

  it('lets two members swap their names', () => {
    world.apply(shopGroup());
    const [lead, probe] = [world.idOf('lead'), world.idOf('probe')];
    const agents = [
      { id: 'a1', name: 'probe', role: 'manager', provider: 'demo' },
      { id: 'a2', name: 'lead', role: 'tester', provider: 'demo', cwd: '~/stock' },
    ];
    world.apply(shopGroup({ agents }));
    assert.deepEqual([world.registry.get(lead).name, world.registry.get(probe).name], ['probe', 'lead']);
  });

  it('lets a member that is gone from the file leave the group; the agent stays', () => {
    world.apply(shopGroup());
    const probe = world.idOf('probe');
    const { changes } = world.apply(shopGroup({ agents: [{ id: 'a1', name: 'lead', role: 'manager', provider: 'demo' }] }));
    assert.ok(changes.includes('agent probe left Store'));
    assert.equal(world.teams.profiles.hasOwn(probe), false);
    assert.deepEqual(world.directory.members(world.directory.findTeam('Store', partyIds.person)).length, 3);
    assert.notEqual(world.directory.refusalToWrite(world.party('lead'), world.party('probe')), null);
  });

  it('dissolves a group that is gone from the file', () => {
    world.apply(shopGroup());
    const { changes, isInForce, appliedAt } = world.apply({ version: 1, groups: [] });
    assert.ok(changes.includes('group Store dissolved'));
    assert.deepEqual([isInForce, appliedAt, world.registry.all().length], [true, null, 4]);
    assert.ok(world.teams.profiles.teams().every(({ kind }) => kind === 'project'));
  });

  it('makes a new agent where a member moves to another project', () => {
    world.apply(shopGroup());
    const before = world.idOf('probe');
    world.apply(shopGroup({ agents: [{ id: 'a2', name: 'probe', role: 'tester', provider: 'demo' }] }));
    assert.equal(world.teams.profiles.hasOwn(before), false);
    assert.equal(world.directory.projectName(world.party('Shop/probe')), 'Shop');
  });

  it('gives an agent that was removed a successor', () => {
    world.apply(shopGroup());
    const before = world.idOf('lead');
    world.registry.remove(before, 'cli');
    assert.equal(world.teams.groups.apply('cli').isInForce, true);
    assert.notEqual(world.idOf('lead'), before);
    assert.equal(world.teams.profiles.of(world.idOf('lead')).memberKey, 'a1');
  });

  it('keeps contacts that a person allowed, and gives those that the file lists in the place of the usual', () => {
    world.apply(shopGroup());
    const [shop, stock] = [world.party('shop'), world.party('stock-room')];
    world.directory.allow(shop, stock, partyIds.person);
    const [p1, p2] = shopGroup().groups[0]?.projects ?? [];
    world.apply(shopGroup({ projects: [p1, { ...p2, contacts: ['person', 'probe'] }] }));
    assert.equal(world.directory.refusalToWrite(shop, stock), null);
    assert.deepEqual(
      world.directory
        .contactsOf(stock)
        .map((id) => world.directory.party(id).name)
        .sort(),
      ['person', 'probe'],
    );
  });
});

describe('a groups.json that cannot be used', () => {
  it('leaves in force what was, and names its line', () => {
    world.apply(shopGroup());
    const before = world.commits();
    const text = JSON.stringify(shopGroup(), null, 2).replace('"manager"', '"boss"');
    const report = world.apply(text);
    const line = text.split('\n').findIndex((each) => each.includes('"boss"'));
    assert.deepEqual([report.isInForce, errors(report)[0]?.line], [false, line]);
    assert.match(world.teams.groups.problem() ?? '', new RegExp(`groups\\.json, line ${line + 1}: "role": one of .* stays\\.$`));
    assert.deepEqual([world.commits(), world.directory.roleOf(world.party('lead'))], [before, 'manager']);
    world.apply(shopGroup());
    assert.equal(world.teams.groups.problem(), undefined);
  });

  it('because another agent has the name, says at which line', () => {
    world.apply(shopGroup());
    world.agent('Shop', 'boss');
    const report = world.apply(shopGroup({ agents: [{ id: 'a1', name: 'boss', role: 'manager', provider: 'demo' }] }));
    assert.match(errors(report)[0]?.message ?? '', /Another agent of the project is called "boss"/);
    assert.ok((errors(report)[0]?.line ?? 0) > 1);
    assert.deepEqual(agentNames().includes('lead'), true);
  });

  it('is a folder, or too large', () => {
    mkdirSync(world.groupsFile, { recursive: true });
    assert.match(errors(world.teams.groups.apply('cli'))[0]?.message ?? '', /This is no file/);
    rmSync(world.groupsFile, { recursive: true });
    assert.match(errors(world.apply(' '.repeat(1024 * 1024 + 1)))[0]?.message ?? '', /at most 1048576 are read/);
  });

  it('and one that is gone takes nothing back', () => {
    assert.deepEqual([world.teams.groups.apply('cli').exists, world.teams.groups.problem()], [false, undefined]);
    world.apply(shopGroup());
    rmSync(world.groupsFile);
    const report = world.teams.groups.apply('cli');
    assert.deepEqual([report.exists, report.isInForce, report.problems.length], [false, false, 1]);
    assert.equal(world.directory.roleOf(world.party('lead')), 'manager');
  });

  it('for the disk is told as such, and all of it waits for the next time', () => {
    world.apply({ version: 1, groups: [] });
    const makeRoom = fillDisk(world.kept.stores.btmsg.db);
    const long = { id: 'a1', name: 'lead', role: 'manager', provider: 'demo', systemPrompt: 'x'.repeat(60_000) };
    const agents = Array.from({ length: 10 }, (_, index) => ({ ...long, id: `a${index}`, name: `lead${index}` }));
    assert.throws(() => world.apply(shopGroup({ agents })), { code: 'storage' });
    assert.deepEqual(agentNames(), []);
    makeRoom();
    assert.equal(world.teams.groups.apply('cli').isInForce, true);
    assert.equal(agentNames().length, 12);
  });
});

describe('a backend', () => {
  const agentId = () => AgentId.parse(world.party('lead'));

  it('applies the file when it starts, and tells it once', () => {
    world.write(shopGroup());
    world.teams.groups.start();
    assert.equal(world.reports.length, 1);
    assert.equal(world.teams.profiles.of(agentId()).role, 'manager');
    world.clock.advance(20_000);
    assert.equal(world.reports.length, 1);
  });

  it('applies a file that comes or changes later, whether or not the folder can be watched', () => {
    world.teams.groups.start();
    world.write(shopGroup());
    world.clock.advance(5_000);
    assert.equal(world.teams.profiles.of(agentId()).role, 'manager');
    world.write(`${JSON.stringify(shopGroup({ agents: [{ id: 'a1', name: 'lead', role: 'reviewer', provider: 'demo' }] }))}\n`);
    world.clock.advance(5_000);
    assert.equal(world.teams.profiles.of(agentId()).role, 'reviewer');
  });

  it('waits until the file has been quiet for a moment', async () => {
    mkdirSync(world.configDir, { recursive: true });
    world.teams.groups.start();
    const timers = world.clock.waiting;
    world.write(shopGroup());
    while (world.clock.waiting === timers) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(world.reports.length, 0);
    world.clock.advance(300);
    assert.equal(world.reports.length, 1);
  });

  it('takes a file up by itself once the folder that it names is there', () => {
    rmSync(join(world.kept.dir, 'stock'), { recursive: true });
    world.write(shopGroup());
    world.teams.groups.start();
    assert.equal(world.reports.at(-1)?.isInForce, false);
    world.kept.folder('stock');
    world.clock.advance(5_000);
    assert.equal(world.reports.at(-1)?.isInForce, true);
  });

  it('looks no more once it has closed', () => {
    world.teams.groups.start();
    world.teams.groups.close();
    assert.equal(world.clock.waiting, 0);
  });
});
