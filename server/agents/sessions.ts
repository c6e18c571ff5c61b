/** Sessions and their transcripts: takes events in, once each, and tells whoever watches. */
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import type { AgentEvent, Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import { type AgentId, type ItemId, type ProjectId, type PromptId, SessionId, type TurnId } from '../protocol/ids.ts';
import type { Item, Session, SessionSnapshot } from '../protocol/session.ts';
import type { RecordFile } from '../store/record-file.ts';
import { applyEvent, closeTools, type Moment, settlePermission } from './apply-event.ts';
import { SessionFeed, type SessionWatcher } from './session-feed.ts';
import { type SessionFilter, SessionStore } from './session-store.ts';
import { sessionOf, Transcript } from './transcript.ts';

export type SessionsDeps = {
  readonly file: RecordFile;
  readonly now: () => number;
  readonly hashOf: (value: unknown) => string;
};

const titleChars = 80;
/** How far back a part of an id is looked for; a whole one is always found. */
const searchedSessions = 10_000;

export class Sessions {
  /** The record of a session changed: its turn, its usage, its place in the history. */
  readonly changed = new Emitter<SessionId>();
  readonly #deps: SessionsDeps;
  readonly #store: SessionStore;
  readonly #feed = new SessionFeed(newId());
  readonly #live = new Map<SessionId, Transcript>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    this.#store = new SessionStore(deps.file.db);
  }

  create(agentId: AgentId, projectId: ProjectId): Session {
    const at = this.#deps.now();
    const counts = { itemCount: 0, turnCount: 0, nextOrdinal: 0 };
    const nothingYet = { title: '', providerSessionId: null, model: null, usage: null, runningTurnId: null, runningSince: null };
    const record = { id: newId<SessionId>(), agentId, projectId, createdAt: at, lastActiveAt: at, ...counts, ...nothingYet };
    this.#deps.file.write(() => this.#store.save(record, []));
    return sessionOf(record);
  }

  find(reference: string): Session {
    const whole = SessionId.safeParse(reference);
    const exact = whole.success ? this.#store.get(whole.data) : undefined;
    if (exact) return this.get(exact.id);
    const known = this.#store.list({ agentId: null, projectId: null, limit: searchedSessions });
    return this.get(resolveReference('session', reference, known).id);
  }

  list(filter: SessionFilter): Session[] {
    return this.#store
      .list(filter)
      .map((record) => this.#live.get(record.id)?.record ?? record)
      .map(sessionOf);
  }

  get(id: SessionId): Session {
    return sessionOf(this.#transcript(id).record);
  }

  runningTurn(id: SessionId): TurnId | null {
    return this.#transcript(id).record.runningTurnId;
  }

  /** Sessions in which a turn was running when the database was last written. */
  running(): Session[] {
    return this.#store.running().map((id) => this.get(id));
  }

  /** What the agent is doing, for a line in the tree. */
  activity(id: SessionId): Item | undefined {
    return this.#transcript(id)
      .openItems()
      .filter((item) => item.kind !== 'prompt')
      .at(-1);
  }

  addPrompt(id: SessionId, promptId: PromptId, text: string, alsoWrite: (itemId: ItemId) => void): void {
    const transcript = this.#transcript(id);
    const itemId = newId<ItemId>();
    const { title } = transcript.record;
    transcript.update({ title: title || titleOf(text), lastActiveAt: this.#deps.now() });
    transcript.add({ id: itemId, at: this.#deps.now(), kind: 'prompt', promptId, text, state: 'queued' });
    this.#commit(id, () => alsoWrite(itemId));
  }

  dropPrompt(id: SessionId, promptId: PromptId, alsoWrite: () => void): void {
    const transcript = this.#transcript(id);
    const item = transcript.openItems().find((open) => open.kind === 'prompt' && open.promptId === promptId);
    if (item?.kind === 'prompt') transcript.replace({ ...item, state: 'dropped' });
    this.#commit(id, alsoWrite);
  }

  /** Events that this file has not seen yet; they and the place reached are committed together. */
  takeIn(agentId: AgentId, events: readonly NumberedEvent[], alsoWrite: (fresh: readonly NumberedEvent[]) => void): void {
    const acked = this.#store.ackedSeq(agentId);
    const fresh = events.filter((event) => event.seq > acked);
    const last = fresh.at(-1);
    if (!last) return;
    for (const { sessionId, event, at } of fresh) applyEvent(this.#transcript(sessionId), event, this.#moment(at));
    const touched = [...new Set(fresh.map((event) => event.sessionId))];
    this.#commitAll(touched, () => {
      this.#store.ack(agentId, last.seq);
      alsoWrite(fresh);
    });
  }

  ackedSeq(agentId: AgentId): number {
    return this.#store.ackedSeq(agentId);
  }

  /** Text as it streams: shown at once, kept with the next event that is taken in. */
  stream(id: SessionId, event: AgentEvent): void {
    const transcript = this.#transcript(id);
    if (transcript.record.runningTurnId === null) return;
    applyEvent(transcript, event, this.#moment(this.#deps.now()));
    this.#publish(id);
  }

  /** Ends a turn that nobody else can end any more. */
  endTurn(id: SessionId, reason: TurnEndReason, failure: Failure | null): void {
    const turnId = this.runningTurn(id);
    if (!turnId) return;
    applyEvent(this.#transcript(id), { type: 'turnEnded', turnId, reason, failure }, this.#moment(this.#deps.now()));
    this.#commit(id);
  }

  /** The agent's program is gone: nothing of it goes on in the background. */
  closeTools(id: SessionId): void {
    closeTools(this.#transcript(id), this.#deps.now());
    this.#commit(id);
  }

  /** A turn that failed before its agent could take the prompt. */
  failPrompt(id: SessionId, promptId: PromptId, failure: Failure, alsoWrite: () => void): void {
    const transcript = this.#transcript(id);
    const turnId = newId<TurnId>();
    const moment = this.#moment(this.#deps.now());
    applyEvent(transcript, { type: 'turnStarted', turnId, promptIds: [promptId] }, moment);
    applyEvent(transcript, { type: 'turnEnded', turnId, reason: 'failed', failure }, moment);
    this.#commit(id, alsoWrite);
  }

  showAnswer(approval: Approval): void {
    const { state, answeredBy, answeredAt } = approval;
    settlePermission(this.#transcript(approval.sessionId), approval.id, { state, answeredBy, answeredAt });
    this.#commit(approval.sessionId);
  }

  watch(id: SessionId, watcher: SessionWatcher, limit: number): SessionSnapshot {
    const seq = this.#feed.watch(id, watcher);
    const { items, hasEarlier, session } = this.page(id, undefined, limit);
    return { session, feed: this.#feed.id, seq, items, hasEarlier, runningTurnId: this.runningTurn(id) };
  }

  unwatch(id: SessionId, watcher: SessionWatcher): void {
    this.#feed.unwatch(id, watcher);
  }

  unwatchAll(watcher: SessionWatcher): void {
    this.#feed.unwatchAll(watcher);
  }

  /** Items as they stand now, what streams included. */
  page(id: SessionId, beforeOrdinal: number | undefined, limit: number): { session: Session; items: Item[]; hasEarlier: boolean } {
    const transcript = this.#transcript(id);
    const before = beforeOrdinal ?? transcript.record.nextOrdinal;
    const stored = new Map(this.#store.page(id, before, limit + 1).map((item) => [item.id, item]));
    for (const item of transcript.openItems()) {
      stored.delete(item.id);
      if (item.ordinal < before) stored.set(item.id, item);
    }
    const items = [...stored.values()].sort((a, b) => a.ordinal - b.ordinal);
    return { session: sessionOf(transcript.record), items: items.slice(-limit), hasEarlier: items.length > limit };
  }

  #transcript(id: SessionId): Transcript {
    const live = this.#live.get(id);
    if (live) return live;
    const record = this.#store.get(id);
    if (!record) throw new AgorError('notFound', `There is no session ${id}.`);
    const transcript = new Transcript(record, this.#store.openItems(id));
    this.#live.set(id, transcript);
    return transcript;
  }

  #moment(at: number): Moment {
    return { at, newItemId: () => newId<ItemId>(), hashOf: this.#deps.hashOf };
  }

  #commit(id: SessionId, alsoWrite: () => void = () => {}): void {
    this.#commitAll([id], alsoWrite);
  }

  /** On disk first, then told. When the write fails, memory is thrown away and read again, so that both agree. */
  #commitAll(ids: readonly SessionId[], alsoWrite: () => void): void {
    try {
      this.#deps.file.write(() => {
        for (const id of ids) this.#store.save(this.#transcript(id).record, this.#transcript(id).takeUnsaved());
        alsoWrite();
      });
    } catch (error) {
      for (const id of ids) this.#live.delete(id);
      throw error;
    }
    for (const id of ids) this.#publish(id);
  }

  #publish(id: SessionId): void {
    const changes = this.#transcript(id).takeChanges();
    this.#feed.publish(id, changes);
    if (changes.some((change) => change.op !== 'append')) this.changed.emit(id);
  }
}

/** The first line that says something, shortened. */
function titleOf(text: string): string {
  const line =
    text
      .split('\n')
      .map((part) => part.trim())
      .find((part) => part !== '') ?? '';
  return line.length <= titleChars ? line : `${line.slice(0, titleChars - 1)}…`;
}
