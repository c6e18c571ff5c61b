/** The teams feature over real files, with real projects and agents, and a `groups.json` of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentRegistry } from '../../server/agents/agent-registry.ts';
import { AgentStore } from '../../server/agents/agent-store.ts';
import { newAgent } from '../../server/agents/new-agent.ts';
import { newId } from '../../server/base/uuid.ts';
import { Projects } from '../../server/projects/projects.ts';
import { type AgentId, PartyId } from '../../server/protocol/ids.ts';
import { defaultSettings } from '../../server/protocol/settings.ts';
import type { GroupReport } from '../../server/protocol/team.ts';
import { composeTeams, type TeamsFeature } from '../../server/teams/compose.ts';
import { FakeClock } from './fake-clock.ts';
import { TestStores } from './test-stores.ts';

export class TeamsWorld {
  readonly kept: TestStores;
  readonly clock = new FakeClock();
  readonly configDir: string;
  readonly groupsFile: string;
  readonly reports: GroupReport[] = [];
  /** Who wrote to whom, as `from to`. */
  readonly written = new Set<string>();
  projects: Projects;
  registry: AgentRegistry;
  teams: TeamsFeature;
  #count = 1_000;

  constructor(kept = new TestStores()) {
    this.kept = kept;
    this.configDir = join(kept.dir, 'config', 'agor');
    this.groupsFile = join(this.configDir, 'groups.json');
    ({ projects: this.projects, registry: this.registry, teams: this.teams } = this.#build());
  }

  get directory() {
    return this.teams.directory;
  }

  nextBackend(): void {
    this.teams.groups.close();
    this.kept.reopen();
    ({ projects: this.projects, registry: this.registry, teams: this.teams } = this.#build());
  }

  project(name: string): string {
    return this.projects.add({ path: this.kept.folder(name) }, 'cli').name;
  }

  agent(project: string, name: string): PartyId {
    const { id: projectId } = this.projects.find(project);
    const place = { id: newId<AgentId>(), projectId, createdAt: this.#count++ };
    this.registry.add(newAgent({ project, name, provider: 'demo' }, place), 'cli');
    return PartyId.parse(place.id);
  }

  idOf(reference: string): AgentId {
    return this.registry.find(reference).id;
  }

  party(reference: string): PartyId {
    return PartyId.parse(this.idOf(reference));
  }

  /** As an editor saves it. */
  write(groups: unknown): void {
    mkdirSync(this.configDir, { recursive: true });
    writeFileSync(this.groupsFile, typeof groups === 'string' ? groups : JSON.stringify(groups, null, 2));
  }

  apply(groups: unknown): GroupReport {
    this.write(groups);
    return this.teams.groups.apply('cli');
  }

  /** How many transactions were committed, whatever they were about. */
  commits(): number {
    const { btmsg } = this.kept.stores;
    btmsg.saveMark();
    return btmsg.savedMark()?.commits ?? 0;
  }

  details(event: string): Record<string, unknown>[] {
    const { db } = this.kept.stores.btmsg;
    const rows = db.prepare<[string], string>('select detail from audit_log where event = ? order by seq').pluck().all(event);
    return rows.map((row) => JSON.parse(row));
  }

  remove(): void {
    this.teams.groups.close();
    this.kept.remove();
  }

  #build() {
    const { sessions, btmsg: file, audit } = this.kept.stores;
    const now = () => this.#count++;
    const write = <T>(work: () => T) => sessions.write(work);
    const projects = new Projects({ db: sessions.db, write, audit: (entry) => file.write(() => audit.append(entry)), now });
    const store = new AgentStore(file.db);
    const registry = new AgentRegistry({ file, audit, store, getProject: (id) => projects.get(id), now });
    const teams = composeTeams({
      ...{ file, audit, now, clock: this.clock, log: () => {} },
      groupsFile: this.groupsFile,
      home: this.kept.dir,
      agents: { all: () => registry.all(), put: registry.declare.bind(registry), settle: () => registry.settle() },
      removedName: (id) => store.nameOf(id),
      projects: () => projects.list(),
      getProject: (id) => projects.get(id),
      addProject: (project, actor) => projects.add(project, actor),
      hasWrittenTo: (from, to) => this.written.has(`${from} ${to}`),
      sealFor: (agentId) => `seal-${agentId.slice(-4)}`,
      setting: (name) => defaultSettings[name],
    });
    registry.removed.on((id) => teams.profiles.forget(id));
    teams.groups.reported.on((report) => void this.reports.push(report));
    return { projects, registry, teams };
  }
}

/** A manager, a tester, and two projects with an agent each: `shop` and `stock`, folders below `home`. */
export function shopGroup(fields: object = {}) {
  return {
    version: 1,
    activeGroupId: 'store',
    groups: [
      {
        id: 'store',
        name: 'Store',
        projects: [
          { id: 'p1', name: 'Shop', cwd: '~/shop', provider: 'demo', description: 'What customers see.' },
          { id: 'p2', name: 'Stock Room', cwd: '~/stock', provider: 'demo', stallThresholdMin: 30 },
        ],
        agents: [
          {
            id: 'a1',
            name: 'lead',
            role: 'manager',
            provider: 'demo',
            wakeStrategy: 'smart',
            wakeThreshold: 0.7,
            systemPrompt: 'Be brief.',
          },
          { id: 'a2', name: 'probe', role: 'tester', provider: 'demo', cwd: '~/stock' },
        ],
        ...fields,
      },
    ],
  };
}
