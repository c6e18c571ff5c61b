/** One session as it stands in memory: its record, the items that may still change, and what changed since last asked. */
import type { ItemId, SessionId, TurnId } from '../protocol/ids.ts';
import type { SandboxState } from '../protocol/sandbox.ts';
import type { Item, Session, SessionChange } from '../protocol/session.ts';

export type SessionRecord = Session & {
  readonly nextOrdinal: number;
  readonly runningTurnId: TurnId | null;
  readonly runningSince: number | null;
};

type Placed = 'ordinal' | 'turnId';
/** An item that has no place yet. */
export type NewItem = Item extends infer Kind ? (Kind extends Item ? Omit<Kind, Placed> : never) : never;

export class Transcript {
  #record: SessionRecord;
  /** Those that are open, and those closed since the last time that changes were saved. */
  readonly #open = new Map<ItemId, Item>();
  readonly #unsaved = new Map<ItemId, Item>();
  #changes: SessionChange[] = [];
  #isRecordChanged = false;
  #peakTokens: number | null;
  /** What whoever reads this was last told of the fence; of an earlier backend nothing is known. */
  toldFence: SandboxState | undefined;

  constructor(record: SessionRecord, openItems: readonly Item[]) {
    this.#record = record;
    this.#peakTokens = record.usage?.contextTokens ?? null;
    for (const item of openItems) this.#open.set(item.id, item);
  }

  get record(): SessionRecord {
    return this.#record;
  }

  /** The most that was in its context at once, since this was read from the database; null for an agent that does not tell. */
  get peakTokens(): number | null {
    return this.#peakTokens;
  }

  /** Nothing in it that the database would not give back. */
  get isIdle(): boolean {
    const isSettled = this.#unsaved.size === 0 && this.#changes.length === 0 && !this.#isRecordChanged;
    return isSettled && this.#open.size === 0 && this.#record.runningTurnId === null;
  }

  /** Items that may still change: those of the running turn, and prompts that wait. */
  openItems(): Item[] {
    return [...this.#open.values()].filter((item) => isOpen(item, this.#record.runningTurnId));
  }

  openTools(): Item[] {
    return this.openItems().filter(({ kind }) => kind === 'tool');
  }

  openItem(id: ItemId): Item | undefined {
    const item = this.#open.get(id);
    return item && isOpen(item, this.#record.runningTurnId) ? item : undefined;
  }

  update(patch: Partial<Omit<SessionRecord, 'id'>>): void {
    this.#record = { ...this.#record, ...patch };
    const tokens = patch.usage?.contextTokens ?? null;
    if (tokens !== null) this.#peakTokens = Math.max(this.#peakTokens ?? 0, tokens);
    this.#isRecordChanged = true;
  }

  /** Gives a new item the next place, in the running turn; a prompt that waits belongs to none yet. */
  add(item: NewItem): void {
    const turnId = item.kind === 'prompt' ? null : this.#record.runningTurnId;
    // Object spread over a union loses which member it is; only the place was added to it.
    this.#put({ ...item, ordinal: this.#takeOrdinal(), turnId } as Item);
    this.update({ itemCount: this.#record.itemCount + 1 });
  }

  replace(item: Item): void {
    this.#put(item);
  }

  /** Puts an item to the end of the transcript and into the running turn. */
  moveToEnd(item: Item): void {
    this.#put({ ...item, ordinal: this.#takeOrdinal(), turnId: this.#record.runningTurnId });
  }

  /** Adds the part of `text` that goes beyond what the item has; a part that starts after its end is left out. */
  append(id: ItemId, offset: number, text: string): void {
    const item = this.openItem(id);
    if (!item || (item.kind !== 'text' && item.kind !== 'thinking') || offset > item.text.length) return;
    const fresh = text.slice(item.text.length - offset);
    if (fresh === '') return;
    this.#keep({ ...item, text: item.text + fresh });
    this.#changes.push({ op: 'append', itemId: id, offset: item.text.length, text: fresh });
  }

  takeChanges(): SessionChange[] {
    const changes = this.#changes;
    this.#changes = [];
    if (this.#isRecordChanged) changes.push({ op: 'session', session: sessionOf(this.#record) });
    this.#isRecordChanged = false;
    return changes;
  }

  /** The items changed since the last call; closed ones are forgotten here, the database has them. */
  takeUnsaved(): Item[] {
    const items = [...this.#unsaved.values()];
    this.#unsaved.clear();
    for (const item of items) if (!isOpen(item, this.#record.runningTurnId)) this.#open.delete(item.id);
    return items;
  }

  #put(item: Item): void {
    this.#keep(item);
    this.#changes.push({ op: 'put', item });
  }

  #keep(item: Item): void {
    this.#open.set(item.id, item);
    this.#unsaved.set(item.id, item);
  }

  #takeOrdinal(): number {
    const ordinal = this.#record.nextOrdinal;
    this.#record = { ...this.#record, nextOrdinal: ordinal + 1 };
    return ordinal;
  }
}

/** Whether an item may still change. */
export function isOpen(item: Item, runningTurnId: TurnId | null): boolean {
  if (item.kind === 'prompt') return item.state === 'queued';
  if (item.kind === 'text' || item.kind === 'thinking') return !item.complete;
  if (item.kind === 'tool') return item.status === 'pending' || item.status === 'running';
  if (item.kind === 'permission') return item.state === 'open';
  if (item.kind === 'notice') return item.retry?.isOver === false;
  return item.kind === 'plan' && item.turnId !== null && item.turnId === runningTurnId;
}

export function sessionOf(record: SessionRecord): Session {
  const { nextOrdinal: _, runningTurnId: __, runningSince: ___, ...session } = record;
  return session;
}

/** One in which nothing has happened. */
export function newSessionRecord(id: SessionId, of: Pick<Session, 'agentId' | 'projectId'>, at: number): SessionRecord {
  const counts = { itemCount: 0, turnCount: 0, nextOrdinal: 0 };
  const nothingYet = { title: '', providerSessionId: null, model: null, usage: null, runningTurnId: null, runningSince: null };
  const { agentId, projectId } = of;
  return { id, agentId, projectId, createdAt: at, lastActiveAt: at, ...counts, ...nothingYet };
}
