/** The history of what a person is told of. The same again within a short time counts up instead of piling up. */
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import type { NoticeId } from '../protocol/ids.ts';
import { type Notice, NoticeAbout, type NoticePlace } from '../protocol/notice.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type KeptNotice, NoticeStore } from './notice-store.ts';

export type NoticesDeps = { readonly file: RecordFile; readonly now: () => number };

export type Fact = Pick<Notice, 'type' | 'about' | 'place'> & {
  /** Names this occurrence: told again, it is no news. */
  readonly key: string;
  /** Facts of one kind, of which several close together are one notice. */
  readonly kind: string;
};

export type NoticesChange = {
  /** New ones, such that happened again, and such that were read. */
  readonly notices: readonly Notice[];
  /** Of these: those that are news. */
  readonly raised: readonly NoticeId[];
  readonly isCleared: boolean;
  readonly unread: number;
};

export const coalesceMs = 10 * 60_000;
const partChars = 500;

export class Notices {
  readonly changed = new Emitter<NoticesChange>();
  readonly #deps: NoticesDeps;
  readonly #store: NoticeStore;
  readonly #raised = new Set<NoticeId>();

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
    this.#store = new NoticeStore(deps.file.db);
  }

  /** Joins the transaction of the fact where one is open; it is told when that is over, and only if it was committed. */
  raise(fact: Fact): void {
    const { file, now } = this.#deps;
    file.write(() => {
      if (!this.#store.takeKey(fact.key)) return;
      const notice = keptOf(fact, this.#store.latestOf(fact.kind), now());
      this.#store.put(notice, fact.kind);
      if (this.#raised.size === 0) queueMicrotask(() => this.#tellRaised());
      this.#raised.add(notice.id);
    });
  }

  list(unreadOnly: boolean): { notices: Notice[]; unread: number } {
    const notices = this.#store.all().filter(({ isRead }) => !unreadOnly || !isRead);
    return { notices, unread: this.#store.unread() };
  }

  /** All of them without a reference. Returns how many were unread. */
  markRead(reference: string | undefined): number {
    const id = reference === undefined ? undefined : resolveReference('notice', reference, this.#store.all()).id;
    const marked = this.#deps.file.write(() => this.#store.markRead(id));
    if (marked.length > 0) this.#tell({ notices: this.#present(marked), raised: [], isCleared: false });
    return marked.length;
  }

  /** What they lead to needs nobody any more: those are read. */
  settle(isSettled: (place: NoticePlace) => boolean): void {
    const settled = this.list(true).notices.filter(({ place }) => isSettled(place));
    if (settled.length === 0) return;
    this.#deps.file.write(() => settled.map(({ id }) => this.#store.markRead(id)));
    this.#tell({ notices: this.#present(settled.map(({ id }) => id)), raised: [], isCleared: false });
  }

  /** Still there, and nobody has read it. */
  isUnread(id: NoticeId): boolean {
    return this.#store.get(id)?.isRead === false;
  }

  clear(): number {
    const cleared = this.#deps.file.write(() => this.#store.clear());
    if (cleared.length > 0) this.#tell({ notices: [], raised: [], isCleared: true });
    return cleared.length;
  }

  #tellRaised(): void {
    const raised = [...this.#raised];
    this.#raised.clear();
    if (!this.#deps.file.db.open) return;
    const notices = this.#present(raised).filter(({ isRead }) => !isRead);
    if (notices.length > 0) this.#tell({ notices, raised: notices.map(({ id }) => id), isCleared: false });
  }

  #present(ids: readonly string[]): Notice[] {
    return ids.flatMap((id) => this.#store.get(id) ?? []);
  }

  #tell(change: Omit<NoticesChange, 'unread'>): void {
    this.changed.emit({ ...change, unread: this.#store.unread() });
  }
}

/** A clock that was set back makes nothing older than it is. */
function keptOf({ type, about, place }: Fact, before: Notice | undefined, at: number): KeptNotice {
  const told = { type, about: boundedAbout(about), place, at, isRead: false };
  const isSame = before !== undefined && Math.abs(at - before.at) < coalesceMs;
  return isSame ? { ...told, id: before.id, count: before.count + 1 } : { ...told, id: newId<NoticeId>(), count: 1 };
}

/** What agents wrote in it is cut. */
function boundedAbout(about: NoticeAbout): NoticeAbout {
  const parts = Object.entries(about).map(([name, part]) => [name, typeof part === 'string' ? bounded(part, partChars) : part]);
  return NoticeAbout.parse(Object.fromEntries(parts));
}

function bounded(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  // Never half a character.
  return `${text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
