/** How agents, projects and channels are called, looked up in the databases of record. */
import { AgentId, type ProjectId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Database } from '../store/open-database.ts';

type Agent = { readonly id: string; readonly name: string; readonly projectId: ProjectId; readonly isRemoved: number };

const unknown = 'somebody unknown';

export class Names {
  readonly #agent;
  readonly #agentsNamed;
  readonly #agentsOf;
  readonly #project;
  readonly #projectsNamed;
  readonly #groupOf;
  readonly #channel;
  readonly #former;

  constructor(sessions: Database, btmsg: Database) {
    this.#agent = btmsg.prepare<[string], Agent>(
      'select id, name, project_id as projectId, removed_at is not null as isRemoved from agents where id = ?',
    );
    this.#agentsNamed = btmsg.prepare<[string], string>('select id from agents where lower(name) = lower(?)').pluck();
    this.#agentsOf = btmsg.prepare<[string], string>('select id from agents where project_id = ?').pluck();
    this.#project = sessions.prepare<[string], string>('select name from projects where id = ?').pluck();
    this.#projectsNamed = sessions.prepare<[string], string>('select id from projects where lower(name) = lower(?)').pluck();
    this.#groupOf = btmsg.prepare<[string], string>('select group_id from group_projects where project_id = ?').pluck();
    this.#channel = btmsg.prepare<[string], string>('select name from channels where id = ?').pluck();
    this.#former = btmsg.prepare<[string], string>(`select local_id from imported where kind = 'former' and key = ? limit 1`).pluck();
  }

  party(id: string): string {
    return this.known(id) ?? unknown;
  }

  known(id: string): string | undefined {
    if (id === partyIds.person || id === partyIds.assistant || id === partyIds.system) return id;
    return this.#agent.get(id)?.name ?? this.#former.get(id);
  }

  /** Null for one that was removed, and for who is no agent. */
  livingAgent(id: string): AgentId | null {
    const agent = this.#agent.get(id);
    return agent && agent.isRemoved === 0 ? AgentId.parse(agent.id) : null;
  }

  project(id: string): string {
    return this.#project.get(id) ?? 'a project that is gone';
  }

  channel(id: string): string {
    return this.#channel.get(id) ?? '';
  }

  /** Ids of all that were ever called so, the removed ones too: what they said is still there. */
  agentsNamed(name: string): string[] {
    const others = [partyIds.person, partyIds.assistant, partyIds.system].filter((id) => id === name.toLowerCase());
    return [...others, ...this.#agentsNamed.all(name)];
  }

  /** What belongs to the project belongs to one of these scopes or parties. */
  projectsNamed(name: string): { scopes: string[]; parties: string[] } {
    const ids = this.#projectsNamed.all(name);
    return { scopes: [...ids, ...ids.flatMap((id) => this.#groupOf.all(id))], parties: ids.flatMap((id) => this.#agentsOf.all(id)) };
  }
}
