/** Sessions and their transcripts: takes events in, once each, and tells whoever watches. */
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import type { AgentEvent, Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import { AgorError } from '../protocol/errors.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import { type AgentId, type ApprovalId, type ItemId, type ProjectId, type PromptId, SessionId, type TurnId } from '../protocol/ids.ts';
import type { Item, PromptOrigin, Session, SessionSnapshot } from '../protocol/session.ts';
import type { RecordFile } from '../store/record-file.ts';
import { addNotice, applyEvent, closeTools, type Moment, settlePermission } from './apply-event.ts';
import type { Notice } from './event-notice.ts';
import { IntakePlace } from './intake-place.ts';
import { courseOf, type SessionCourse } from './session-course.ts';
import { SessionFeed, type SessionWatcher } from './session-feed.ts';
import { shownPage } from './session-page.ts';
import { type SessionFilter, SessionStore } from './session-store.ts';
import { titleOf } from './session-title.ts';
import { newSessionRecord, sessionOf, Transcript } from './transcript.ts';

export type SessionsDeps = {
  readonly file: RecordFile;
  readonly now: () => number;
  readonly hashOf: (value: unknown) => string;
  readonly answerOf?: Moment['answerOf'];
  /** Told what became of a session, in the transaction that keeps it. */
  readonly measure: (course: SessionCourse) => void;
};

/** Whose events these are. */
export type Source = { readonly agentId: AgentId; readonly projectId: ProjectId };

type TurnEnd = { readonly reason: TurnEndReason; readonly failure: Failure | null };

type PromptText = { readonly id: PromptId; readonly text: string; readonly origin?: PromptOrigin };

/** Transcripts beyond this many in memory are let go when nothing in them is open. */
const keptTranscripts = 200;

export class Sessions {
  /** The record of a session changed: its turn, its usage, its place in the history. */
  readonly changed = new Emitter<SessionId>();
  readonly #deps: SessionsDeps;
  readonly #store: SessionStore;
  readonly #intake: IntakePlace;
  readonly #feed = new SessionFeed(newId());
  readonly #live = new Map<SessionId, Transcript>();

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    this.#store = new SessionStore(deps.file.db);
    this.#intake = new IntakePlace(deps.file.db);
  }

  create(agentId: AgentId, projectId: ProjectId): Session {
    const record = newSessionRecord(newId<SessionId>(), { agentId, projectId }, this.#deps.now());
    this.#deps.file.write(() => this.#store.save(record, []));
    return sessionOf(record);
  }

  find(reference: string): Session {
    const whole = SessionId.safeParse(reference);
    if (whole.success && this.has(whole.data)) return this.get(whole.data);
    return this.get(resolveReference('session', reference, this.#store.ids()).id);
  }

  list(filter: SessionFilter): Session[] {
    return this.#store
      .list(filter)
      .map((record) => this.#live.get(record.id)?.record ?? record)
      .map(sessionOf);
  }

  has(id: SessionId): boolean {
    return this.#live.has(id) || this.#store.get(id) !== undefined;
  }

  get(id: SessionId): Session {
    return sessionOf(this.#transcript(id).record);
  }

  runningTurn(id: SessionId): TurnId | null {
    return this.#transcript(id).record.runningTurnId;
  }

  /** When the turn that runs began; undefined when none does. */
  runningSince(id: SessionId): number | undefined {
    return this.#transcript(id).record.runningSince ?? undefined;
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

  addPrompt(id: SessionId, { id: promptId, text, origin = 'person' }: PromptText, alsoWrite: (itemId: ItemId) => void): void {
    const itemId = newId<ItemId>();
    const at = this.#deps.now();
    const add = () => {
      const transcript = this.#transcript(id);
      transcript.update({ title: transcript.record.title || titleOf(text, origin), lastActiveAt: at });
      transcript.add({ id: itemId, at, kind: 'prompt', promptId, text, state: 'queued', origin });
    };
    this.#change([id], add, () => alsoWrite(itemId));
  }

  dropPrompt(id: SessionId, promptId: PromptId, alsoWrite: () => void): void {
    const transcript = this.#transcript(id);
    const item = transcript.openItems().find((open) => open.kind === 'prompt' && open.promptId === promptId);
    const drop = () => item?.kind === 'prompt' && transcript.replace({ ...item, state: 'dropped' });
    this.#change([id], drop, alsoWrite);
  }

  /** Events that this file has not seen yet; they and the place reached are committed together. */
  takeIn(source: Source, events: readonly NumberedEvent[], alsoWrite: (fresh: readonly NumberedEvent[]) => void): void {
    const last = events.at(-1);
    if (!last || last.seq <= this.ackedSeq(source.agentId)) return;
    const fresh = this.#intake.fresh(source.agentId, events);
    const touched = [...new Set(fresh.map((event) => event.sessionId))];
    for (const id of touched) this.#restoreLost(id, source, last.at);
    const apply = () => {
      for (const { sessionId, event, at } of fresh) applyEvent(this.#transcript(sessionId), event, this.#moment(at));
    };
    this.#change(touched, apply, () => {
      this.#intake.take(source.agentId, fresh, { reachedSeq: last.seq, at: this.#deps.now() });
      if (fresh.length > 0) alsoWrite(fresh);
    });
  }

  ackedSeq(agentId: AgentId): number {
    return this.#intake.ackedSeq(agentId);
  }

  /** An event that was refused may come again under another number: if it was taken here, that is never forgotten. */
  pin(key: string): void {
    this.#deps.file.write(() => this.#intake.pin(key));
  }

  /** Text as it streams: shown at once, kept with the next event that is taken in. What comes too late is left out. */
  stream(id: SessionId, event: AgentEvent): void {
    if (event.type !== 'text' && event.type !== 'thinking') return;
    const transcript = this.#transcript(id);
    if (transcript.record.runningTurnId === null) return;
    if (!transcript.openItem(event.itemId) && this.#store.hasItem(event.itemId)) return;
    applyEvent(transcript, event, this.#moment(this.#deps.now()));
    this.#publish(id);
  }

  /** Ends a turn that nobody else can end any more. */
  endTurn(id: SessionId, end: TurnEnd, alsoWrite: (turnId: TurnId) => void): void {
    const turnId = this.runningTurn(id);
    if (!turnId) return;
    const moment = this.#moment(this.#deps.now());
    const apply = () => applyEvent(this.#transcript(id), { type: 'turnEnded', turnId, ...end }, moment);
    this.#change([id], apply, () => alsoWrite(turnId));
  }

  /** What others than the agent have to say to whoever reads along. */
  note(id: SessionId, notice: Notice): void {
    this.#change([id], () => addNotice(this.#transcript(id), notice, this.#moment(this.#deps.now())));
  }

  /** The agent's program is gone: nothing of it goes on in the background. */
  closeTools(agentId: AgentId): void {
    for (const id of this.#withOpenTools(agentId)) this.#change([id], () => closeTools(this.#transcript(id), this.#deps.now()));
  }

  /** What the agent began and goes on, in a turn or without one. */
  openToolCount(agentId: AgentId): number {
    return this.#withOpenTools(agentId).reduce((sum, id) => sum + this.#transcript(id).openTools().length, 0);
  }

  /** A turn that failed before its agent could take the prompt. */
  failPrompt(id: SessionId, promptId: PromptId, failure: Failure, alsoWrite: () => void): void {
    const turnId = newId<TurnId>();
    const moment = this.#moment(this.#deps.now());
    const fail = () => {
      const transcript = this.#transcript(id);
      applyEvent(transcript, { type: 'turnStarted', turnId, promptIds: [promptId] }, moment);
      applyEvent(transcript, { type: 'turnEnded', turnId, reason: 'failed', failure }, moment);
    };
    this.#change([id], fail, alsoWrite);
  }

  /** A question is settled; told twice, the first time counts. */
  showAnswer({ id, sessionId, state, answeredBy, answeredAt, values }: Approval): void {
    if (!this.has(sessionId)) return;
    const closed = state === 'withdrawn' ? this.#store.itemNaming(sessionId, 'permission', id) : undefined;
    const outcome = { state, answeredBy, answeredAt, ...(values && { values }) };
    this.#change([sessionId], () => settlePermission(this.#transcript(sessionId), id, outcome, closed));
  }

  /** Items of it went into an archive; the database has that already. */
  showArchived(id: SessionId): void {
    this.#transcript(id).update({ archived: this.#store.archivedOf(id) });
    this.#publish(id);
  }

  watch(id: SessionId, watcher: SessionWatcher, limit: number): SessionSnapshot {
    const seq = this.#feed.watch(id, watcher);
    const { items, hasEarlier, session } = this.page(id, undefined, limit);
    return { session, feed: this.#feed.id, seq, items, hasEarlier, runningTurnId: this.runningTurn(id) };
  }

  unwatch(id: SessionId, watcher: SessionWatcher): void {
    this.#feed.unwatch(id, watcher);
  }

  watchers(id: SessionId): SessionWatcher[] {
    return this.#feed.watchers(id);
  }

  /** Who asked for what the session did last. */
  lastOrigin(id: SessionId): PromptOrigin {
    return this.#store.lastOrigin(id) ?? 'person';
  }

  /** The last item of that kind which names a turn or a question; null where there is none. */
  itemNaming(id: SessionId, kind: Item['kind'], name: TurnId | ApprovalId): ItemId | null {
    return this.#store.itemNaming(id, kind, name)?.id ?? null;
  }

  unwatchAll(watcher: SessionWatcher): void {
    this.#feed.unwatchAll(watcher);
  }

  /** Items as they stand now, what streams included. */
  page(id: SessionId, beforeOrdinal: number | undefined, limit: number): { session: Session; items: Item[]; hasEarlier: boolean } {
    const transcript = this.#transcript(id);
    const before = beforeOrdinal ?? transcript.record.nextOrdinal;
    const page = this.#store.page(id, before, limit + 1);
    return { session: sessionOf(transcript.record), ...shownPage(page, transcript.openItems(), { before, limit }) };
  }

  #transcript(id: SessionId): Transcript {
    const live = this.#live.get(id);
    if (live) return live;
    const record = this.#store.get(id);
    if (!record) throw new AgorError('notFound', `There is no session ${id}.`);
    if (this.#live.size >= keptTranscripts) this.#letGo();
    const transcript = new Transcript(record, this.#store.openItems(id));
    this.#live.set(id, transcript);
    return transcript;
  }

  #withOpenTools(agentId: AgentId): SessionId[] {
    const hasTool = (id: SessionId) => this.#transcript(id).openTools().length > 0;
    return this.#store.withOpenItems(agentId).filter(hasTool);
  }

  #letGo(): void {
    for (const [id, transcript] of this.#live) if (transcript.isIdle) this.#live.delete(id);
  }

  /** A session that the database has lost, but that its agent goes on with, begins anew rather than hold up its events. */
  #restoreLost(id: SessionId, source: Source, at: number): void {
    if (!this.has(id)) this.#deps.file.write(() => this.#store.save(newSessionRecord(id, source, at), []));
  }

  #moment(at: number): Moment {
    return { at, newItemId: () => newId<ItemId>(), hashOf: this.#deps.hashOf, answerOf: this.#deps.answerOf };
  }

  /** On disk first, then told. When anything fails, memory is thrown away and read again, so that both agree. */
  #change(ids: readonly SessionId[], change: () => void, alsoWrite: () => void = () => {}): void {
    try {
      change();
      this.#deps.file.write(() => {
        for (const id of ids) this.#save(this.#transcript(id));
        alsoWrite();
      });
    } catch (error) {
      for (const id of ids) this.#live.delete(id);
      throw error;
    }
    for (const id of ids) this.#publish(id);
  }

  #save(transcript: Transcript): void {
    const items = transcript.takeUnsaved();
    this.#store.save(transcript.record, items);
    this.#deps.measure(courseOf(transcript, items, () => this.#store.counts(transcript.record.id)));
  }

  #publish(id: SessionId): void {
    const changes = this.#transcript(id).takeChanges();
    this.#feed.publish(id, changes);
    if (changes.some((change) => change.op !== 'append')) this.changed.emit(id);
  }
}
