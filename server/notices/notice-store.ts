/** The kept notices, the newest hundred, and the keys of what was noticed, so that nothing is noticed twice. */
import { keptNotices, Notice, NoticeAbout } from '../protocol/notice.ts';
import { inEnglish, noticeWords } from '../protocol/notice-text.ts';
import type { Database } from '../store/open-database.ts';

type NoticeRow = {
  readonly id: string;
  readonly type: string;
  readonly about: string;
  readonly place: string;
  readonly at: number;
  readonly count: number;
  readonly is_read: number;
};

/** What is kept; its words are made when it is read. */
export type KeptNotice = Omit<Notice, 'title' | 'text'>;

/** Keys outlive the notices, which a person may clear at any time. */
const keptKeys = 2_000;
const columns = 'id, type, about, place, at, count, is_read';

export class NoticeStore {
  readonly #takeKey;
  readonly #dropKeys;
  readonly #put;
  readonly #prune;
  readonly #latestOf;
  readonly #all;
  readonly #one;
  readonly #unread;
  readonly #markAll;
  readonly #markOne;
  readonly #clear;

  constructor(db: Database) {
    this.#takeKey = db.prepare<[string]>('insert into notice_keys (key) values (?) on conflict do nothing');
    this.#dropKeys = db.prepare(`delete from notice_keys where seq <= (select max(seq) from notice_keys) - ${keptKeys}`);
    // One that happened again takes a new place, so that the order is that of what happened, whatever the clock says.
    this.#put = db.prepare(
      `insert or replace into notices (seq, coalesced_by, ${columns})
       values ((select coalesce(max(seq), 0) + 1 from notices), :coalescedBy, :id, :type, :about, :place, :at, :count, :isRead)`,
    );
    this.#prune = db.prepare(`delete from notices where seq not in (select seq from notices order by seq desc limit ${keptNotices})`);
    this.#latestOf = db.prepare<[string], NoticeRow>(
      `select ${columns} from notices where coalesced_by = ? and is_read = 0 order by seq desc limit 1`,
    );
    this.#all = db.prepare<[], NoticeRow>(`select ${columns} from notices order by seq desc`);
    this.#one = db.prepare<[string], NoticeRow>(`select ${columns} from notices where id = ?`);
    this.#unread = db.prepare<[], number>('select count(*) from notices where is_read = 0').pluck();
    this.#markAll = db.prepare<[], string>('update notices set is_read = 1 where is_read = 0 returning id').pluck();
    this.#markOne = db.prepare<[string], string>('update notices set is_read = 1 where id = ? and is_read = 0 returning id').pluck();
    this.#clear = db.prepare<[], string>('delete from notices returning id').pluck();
  }

  /** False when it was taken before. */
  takeKey(key: string): boolean {
    const isNew = this.#takeKey.run(key).changes > 0;
    if (isNew) this.#dropKeys.run();
    return isNew;
  }

  put({ about, place, isRead, ...same }: KeptNotice, coalescedBy: string): void {
    this.#put.run({ ...same, about: JSON.stringify(about), place: JSON.stringify(place), isRead: isRead ? 1 : 0, coalescedBy });
    this.#prune.run();
  }

  /** The newest unread one of its kind. */
  latestOf(coalescedBy: string): Notice | undefined {
    return noticeOf(this.#latestOf.get(coalescedBy));
  }

  /** Newest first. */
  all(): Notice[] {
    return this.#all.all().flatMap((row) => noticeOf(row) ?? []);
  }

  get(id: string): Notice | undefined {
    return noticeOf(this.#one.get(id));
  }

  unread(): number {
    return this.#unread.get() ?? 0;
  }

  /** The ids of those that were unread. */
  markRead(id: string | undefined): string[] {
    return id === undefined ? this.#markAll.all() : this.#markOne.all(id);
  }

  clear(): string[] {
    return this.#clear.all();
  }
}

function noticeOf(row: NoticeRow | undefined): Notice | undefined {
  if (!row) return undefined;
  const { is_read, about: aboutText, place, ...same } = row;
  const about = NoticeAbout.safeParse(asJson(aboutText));
  if (!about.success) return undefined;
  const words = noticeWords(about.data, inEnglish);
  const read = Notice.safeParse({ ...same, ...words, about: about.data, place: asJson(place), isRead: is_read === 1 });
  return read.success ? read.data : undefined;
}

/** One that a newer build wrote, or that the disk gave back damaged, is no reason to show none. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
