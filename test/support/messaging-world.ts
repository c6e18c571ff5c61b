/** The messages over real files, with a directory of people that a test writes down. */
import { newId } from '../../server/base/uuid.ts';
import { composeMessaging, type Messaging } from '../../server/messaging/compose.ts';
import type { By, Directory, Letter, MessagingDeps, Presence } from '../../server/messaging/deps.ts';
import { MessageViews } from '../../server/messaging/message-views.ts';
import { AgorError } from '../../server/protocol/errors.ts';
import { type AgentId, type MessageId, PartyId, type PromptId, type SessionId, TeamId } from '../../server/protocol/ids.ts';
import { type DeadLetter, type Message, partyIds } from '../../server/protocol/message.ts';
import type { HeldItem, Screening, Verdict } from '../../server/protocol/screening.ts';
import { defaultSettings, type SettingName, type Settings } from '../../server/protocol/settings.ts';
import type { AgentRole } from '../../server/protocol/team.ts';
import type { Stores } from '../../server/stores.ts';
import { FakeClock } from './fake-clock.ts';
import { hashOf, TestStores } from './test-stores.ts';

export type Someone = { readonly id: AgentId; readonly name: string; readonly team: TeamId; readonly role: AgentRole };

export const shop = TeamId.parse('shop');
export const bank = TeamId.parse('bank');
export const person: By = { party: partyIds.person, actor: 'cli' };

const others: ReadonlySet<string> = new Set(Object.values(partyIds));

export class MessagingWorld {
  readonly kept: TestStores;
  readonly clock = new FakeClock();
  readonly people = new Map<string, Someone>();
  readonly removed = new Map<string, Someone>();
  readonly presences = new Map<string, Presence['kind']>();
  readonly sessions = new Map<string, SessionId>();
  readonly disabled = new Set<string>();
  /** An agent and a method, where a person has taken from it what that needs. */
  readonly revoked = new Set<string>();
  readonly set: Partial<Record<SettingName, number>> = {};
  /** Pairs that may not write, as `from to`. */
  readonly forbidden = new Set<string>();
  readonly allowed: string[] = [];
  readonly letters: Letter[] = [];
  /** When a task of anybody last moved on. */
  progressAt = 0;
  messaging: Messaging;
  told: Message[] = [];
  mailFor: AgentId[] = [];
  held: HeldItem[][] = [];
  deadLetters: DeadLetter[] = [];

  constructor(kept = new TestStores()) {
    this.kept = kept;
    this.messaging = this.#compose(this.kept.stores);
  }

  get stores(): Stores {
    return this.kept.stores;
  }

  add(name: string, fields: Partial<Someone> = {}): Someone {
    const someone: Someone = { id: newId<AgentId>(), name, team: shop, role: 'project', ...fields };
    this.people.set(someone.id, someone);
    this.sessions.set(someone.id, newId<SessionId>());
    return someone;
  }

  remove({ id }: Someone): void {
    const someone = this.people.get(id);
    if (someone) this.removed.set(id, someone);
    this.people.delete(id);
    this.messaging.mail.agentRemoved(id);
  }

  /** As the next backend does it: `afterKill`, with the marks of before. */
  reopen(how: 'inOrder' | 'afterKill' = 'inOrder'): void {
    this.messaging.close();
    this.messaging = this.#compose(how === 'inOrder' ? this.kept.reopen() : this.kept.reopenAfterKill());
  }

  close(): void {
    this.messaging.close();
    this.kept.remove();
  }

  send(from: Someone | By, to: Someone | string, text = 'hello', more: object = {}): Message {
    return this.sendNoted(from, to, text, more).message;
  }

  sendNoted(from: Someone | By, to: Someone | string, text = 'hello', more: object = {}) {
    return this.messaging.sending.send({ to: typeof to === 'string' ? to : to.id, text, ...more }, asBy(from));
  }

  reply(from: Someone | By, message: Message | MessageId, text = 'answer', more: object = {}): Message {
    const reference = typeof message === 'string' ? message : message.id;
    return this.messaging.sending.reply({ message: reference, text, ...more }, asBy(from)).message;
  }

  /** As an idle agent gets it: a prompt that carries what is due, and its turn. Returns what it got. */
  giveTurn({ id }: Someone, end: 'completed' | 'crashed' | 'failed' | null = 'completed'): readonly MessageId[] {
    const { mail } = this.messaging;
    const next = mail.next(id);
    if (!next) return [];
    const promptId = newId<PromptId>();
    mail.claim(id, next.messageIds, promptId);
    mail.turnStarted(id, [promptId], this.moment(id));
    if (end) mail.turnEnded(id, end, this.moment(id));
    return next.messageIds;
  }

  moment(id: AgentId): { sessionId: SessionId; at: number } {
    const sessionId = this.sessions.get(id);
    if (!sessionId) throw new Error('no such agent');
    return { sessionId, at: this.clock.now() };
  }

  /** As it is now; nobody has read it by that. */
  look({ id }: Pick<Message, 'id'>): Message {
    const message = new MessageViews({ records: this.messaging.records, directory: this.#directory(), seals }).get(id);
    if (!message) throw new Error('no such message');
    return message;
  }

  stateOf(message: Pick<Message, 'id'>): string {
    return this.look(message)
      .deliveries.map(({ state }) => state)
      .join(' ');
  }

  inbox(of: Someone | By, all = false): Message[] {
    return this.messaging.inboxes.inbox({ all }, asBy(of).party).messages;
  }

  #compose(stores: Stores): Messaging {
    const messaging = composeMessaging(this.#deps(stores));
    messaging.changed.on((message) => void this.told.push(message));
    messaging.mailFor.on((id) => void this.mailFor.push(id));
    messaging.heldChanged.on((items) => void this.held.push(items));
    messaging.deadLetterChanged.on((letter) => void this.deadLetters.push(letter));
    return messaging;
  }

  #deps({ btmsg: file, audit }: Stores): MessagingDeps {
    return {
      ...{ file, audit, screen, directory: this.#directory(), clock: this.clock },
      now: () => this.clock.now(),
      presence: (id) => ({ kind: this.presences.get(id) ?? 'here', word: this.presences.get(id) === 'away' ? 'paused' : 'ready' }),
      isEnabled: (id) => !this.disabled.has(id),
      permit: (id, method) => {
        if (this.revoked.has(`${id} ${method}`)) throw new AgorError('refused', 'The person has revoked that.');
      },
      currentSession: (id) => this.sessions.get(id) ?? null,
      statusOf: () => ({ status: 'active', activity: 'idle', lastHeartbeatAt: null }),
      attachmentPath: (id, messageId, name) => `/agents/${id}/mail/${messageId}/${name}`,
      register: () => {
        throw new AgorError('unavailable', 'Nobody registers here.');
      },
      heartbeat: () => this.clock.now(),
      seals: {
        ...seals,
        sealFor: (id) => `seal of ${id}`,
        markOf: (id, agentId) => `mark of ${id} for ${agentId}`,
        envelope: (letter) => {
          this.letters.push(letter);
          return `<${letter.fromName}> ${letter.body}`;
        },
      },
      hasProgress: (_, sinceMs) => this.progressAt > sinceMs,
      setting: <K extends SettingName>(name: K) =>
        // What a test sets has the type of the setting.
        (this.set[name] ?? defaultSettings[name]) as Settings[K],
      log: () => {},
    };
  }

  #directory(): Directory {
    const of = (id: string) => this.people.get(id);
    const nameOf = (id: PartyId) => (others.has(id) ? id : (of(id)?.name ?? `${this.removed.get(id)?.name ?? 'nobody'} (removed)`));
    return {
      party: (id) => ({ id, name: nameOf(id) }),
      isAgent: (id) => of(id) !== undefined,
      find: (reference, as) => this.#find(reference, as),
      roleOf: (id) => of(id)?.role ?? 'admin',
      tierOf: (id) => (of(id)?.role === 'project' ? 2 : 1),
      teamOf: (id) => of(id)?.team ?? null,
      findTeam: (reference, as) => {
        const own = of(as)?.team;
        if (own !== undefined && reference !== undefined && reference !== own)
          throw new AgorError('refused', 'You act for your own team only.');
        return own ?? TeamId.parse(reference ?? shop);
      },
      teamName: (id) => id,
      members: (team) => [...this.people.values()].filter((one) => one.team === team).map(({ id }) => PartyId.parse(id)),
      projectName: (id) => of(id)?.team ?? '',
      refusalToWrite: (from, to) =>
        this.forbidden.has(`${from} ${to}`) ? `You may not write to ${nameOf(to)}; you may write to: lead.` : null,
      contactsOf: (id) => [...this.people.keys(), 'person'].filter((other) => other !== id).map((other) => PartyId.parse(other)),
      allow: (from, to, by) => void this.allowed.push(`${nameOf(from)} ${nameOf(to)} ${nameOf(by)}`),
    };
  }

  #find(reference: string, as: PartyId): PartyId {
    if (reference === 'person') return partyIds.person;
    if (reference === 'assistant') return partyIds.assistant;
    const fitting = [...this.people.values()].filter(({ id, name }) => id === reference || name === reference || id.startsWith(reference));
    const own = fitting.filter(({ team }) => team === this.people.get(as)?.team);
    const [found, second] = own.length > 0 ? own : fitting;
    if (!found) throw new AgorError('notFound', `There is no agent "${reference}".`);
    if (second) throw new AgorError('ambiguous', `"${reference}" fits more than one agent.`);
    return PartyId.parse(found.id);
  }
}

export function asBy(who: Someone | By): By {
  return 'party' in who ? who : { party: PartyId.parse(who.id), actor: 'agent' };
}

const seals: Pick<MessagingDeps['seals'], 'sign' | 'isSigned'> = {
  sign: (fields) => hashOf(['key', fields]),
  isSigned: (fields, signature) => signature === hashOf(['key', fields]),
};

/** Texts say themselves what is found in them. */
function screen(text: string): Screening {
  const verdict: Verdict = text.includes('HOLD') ? 'hold' : text.includes('FLAG') ? 'flag' : 'deliver';
  const finding = { rule: 'test/word', meaning: 'it holds the word', excerpt: text.slice(0, 20), at: 0 };
  return { verdict, findings: verdict === 'deliver' ? [] : [finding] };
}
