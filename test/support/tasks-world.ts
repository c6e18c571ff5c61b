/** Boards of two teams over real stores, with a directory, a screening and a post that a test can see through. */
import { resolveReference } from '../../server/base/resolve-reference.ts';
import { newId } from '../../server/base/uuid.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { type PartyId, TeamId } from '../../server/protocol/ids.ts';
import { partyIds } from '../../server/protocol/message.ts';
import type { Screening } from '../../server/protocol/screening.ts';
import { defaultSettings } from '../../server/protocol/settings.ts';
import type { Task } from '../../server/protocol/task.ts';
import type { AgentRole } from '../../server/protocol/team.ts';
import type { By, Directory } from '../../server/tasks/surroundings.ts';
import { Tasks } from '../../server/tasks/tasks.ts';
import { FakeClock } from './fake-clock.ts';
import { TestStores } from './test-stores.ts';

type Member = { readonly id: PartyId; readonly name: string; readonly role: AgentRole; readonly teamId: TeamId };

export const shop = TeamId.parse('shop');
export const bank = TeamId.parse('bank');
export const person: By = { as: partyIds.person, actor: 'cli' };
export const assistant: By = { as: partyIds.assistant, actor: 'assistant' };

export class TasksWorld {
  readonly kept = new TestStores();
  readonly posts: string[] = [];
  readonly told: Task[] = [];
  readonly clock = new FakeClock();
  messagesPerMinute = 1_000;
  readonly #members: Member[] = [];
  nowMs = new Date(2026, 2, 3, 14, 2).getTime();
  /** What the post answers with instead of taking anything. */
  postFailure: Error | undefined;
  tasks = this.#open();

  agent(name: string, role: AgentRole, teamId = shop): By {
    const member = { id: newId<PartyId>(), name, role, teamId };
    this.#members.push(member);
    return { as: member.id, actor: 'agent' };
  }

  /** What is on disk, with a new backend over it. */
  reopen(): void {
    this.kept.reopen();
    this.tasks = this.#open();
  }

  audits(): string[] {
    const rows = this.kept.stores.btmsg.db.prepare<[], { event: string }>('select event from audit_log order by seq').all();
    return rows.map(({ event }) => event);
  }

  auditDetail(event: string): Record<string, unknown> {
    const found = this.kept.stores.btmsg.db
      .prepare<[string], string>('select detail from audit_log where event = ? order by seq desc limit 1')
      .pluck()
      .get(event);
    return JSON.parse(found ?? '{}');
  }

  #open(): Tasks {
    const { btmsg: file, audit } = this.kept.stores;
    const tasks = new Tasks({
      file,
      audit,
      directory: this.#directory(),
      screen: (text) => screening(text),
      post: {
        toChannel: (team, name, text) => this.#post(`${team} #${name}: ${text}`),
        toAgent: (to, text, from) => this.#post(`${this.#name(from)} to ${this.#name(to)}: ${text}`),
      },
      setting: (name) => ({ ...defaultSettings, 'messages.perMinute': this.messagesPerMinute })[name],
      clock: this.clock,
      now: () => this.nowMs,
    });
    tasks.changed.on((task) => void this.told.push(task));
    return tasks;
  }

  #post(text: string): void {
    if (this.postFailure) throw this.postFailure;
    this.posts.push(text);
  }

  #name(id: PartyId): string {
    return this.#members.find((member) => member.id === id)?.name ?? id;
  }

  #directory(): Directory {
    const memberOf = (id: PartyId) => this.#members.find((member) => member.id === id);
    return {
      party: (id) => ({ id, name: this.#name(id) }),
      isAgent: (id) => memberOf(id) !== undefined,
      find: (reference) => (reference === 'person' ? partyIds.person : resolveReference('agent', reference, this.#members).id),
      roleOf: (id) => (id === partyIds.person ? 'admin' : (memberOf(id)?.role ?? 'project')),
      teamOf: (id) => memberOf(id)?.teamId ?? null,
      findTeam: (reference, as) => {
        const own = memberOf(as)?.teamId;
        if (own !== undefined && reference !== undefined && reference !== own)
          throw new AgorError('refused', `You are of the team ${own} and see no other.`);
        return own ?? TeamId.parse(reference ?? 'shop');
      },
      teamName: (id) => id,
      members: (team) => this.#members.filter(({ teamId }) => teamId === team).map(({ id }) => id),
    };
  }
}

function screening(text: string): Screening {
  const at = text.search(/HOLD|FLAG/);
  if (at === -1) return { verdict: 'deliver', findings: [] };
  const findings = [{ rule: 'test/mark', meaning: 'A mark of the test.', excerpt: text.slice(at, at + 4), at }];
  return { verdict: text.includes('HOLD') ? 'hold' : 'flag', findings };
}
