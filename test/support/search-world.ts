/** A data directory with things to be found, and the part that finds them, without its thread. */
import { join } from 'node:path';
import type { SearchAnswer } from '../../server/protocol/search.ts';
import { allGroups, type Found, type Wish } from '../../server/search/finder.ts';
import { Names } from '../../server/search/names.ts';
import { SearchKeeper } from '../../server/search/search-keeper.ts';
import { DamagedIndex, SearchReader } from '../../server/search/search-reader.ts';
import { sourcesOf } from '../../server/search/sources.ts';
import { TestStores } from './test-stores.ts';

export const at = Date.UTC(2026, 10, 1);
export const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const [project, session, builder, lead] = [id(1), id(2), id(3), id(4)];

export class SearchWorld {
  readonly kept = new TestStores();
  readonly news: string[] = [];
  now = at;
  #keeper: SearchKeeper | undefined;
  #reader: SearchReader | undefined;
  #ordinal = 0;

  constructor() {
    this.sessions.prepare(`insert into projects values (?, 'shop', '/shop', 1, 0, null, '')`).run(project);
    this.sessions
      .prepare(`insert into sessions values (?, ?, ?, 'A session', null, null, null, 0, 0, 0, null, null, 0, 0, '')`)
      .run(session, builder, project);
    const agent = this.btmsg.prepare(`insert into agents values (?, ?, ?, 'demo', '[]', null, '{}', null, 'none', 0, null, 0, null, '')`);
    agent.run(builder, project, 'builder');
    agent.run(lead, project, 'lead');
  }

  get sessions() {
    return this.kept.stores.sessions.db;
  }

  get btmsg() {
    return this.kept.stores.btmsg.db;
  }

  get path(): string {
    return join(this.kept.dir, 'search.db');
  }

  /** Opened when it is first needed, as by a backend that starts then. */
  get keeper(): SearchKeeper {
    this.#keeper ??= this.#open();
    return this.#keeper;
  }

  /** As the next backend does. */
  restart(): void {
    this.#reader?.close();
    this.#reader = undefined;
    this.#keeper?.close();
    this.#keeper = undefined;
  }

  say(number: number, text: string, saidAt = this.now): void {
    const ordinal = ++this.#ordinal;
    const item = { id: id(number), turnId: null, ordinal, at: saidAt, kind: 'text', text, complete: true, interrupted: false };
    this.sessions
      .prepare(`insert into items values (?, ?, ?, 'text', 0, ?, '') on conflict (id) do update set body = excluded.body`)
      .run(id(number), session, ordinal, JSON.stringify(item));
  }

  unsay(number: number): void {
    this.sessions.prepare('delete from items where id = ?').run(id(number));
  }

  write(number: number, body: string): void {
    this.btmsg
      .prepare(
        `insert into messages (id, place, sender, recipient, thread_id, body, expects_reply, hops, verdict, findings, hold, sent_at, row_hash)
         values (?, ?, ?, ?, ?, ?, 0, 0, 'clean', '[]', 'none', ?, '')`,
      )
      .run(id(number), number, lead, builder, id(number), body, this.now);
  }

  plan(number: number, title: string, state = 'todo'): void {
    this.btmsg
      .prepare(
        `insert into tasks (number, id, team_id, title, description, status, priority, assigned_to, created_by, updated_by, sort_order,
           version, is_held, findings, created_at, updated_at, row_hash)
         values (?, ?, ?, ?, '', ?, 'medium', ?, ?, ?, 0, 1, 0, '[]', ?, ?, '')
         on conflict (number) do update set title = excluded.title, status = excluded.status`,
      )
      .run(number, id(number), project, title, state, builder, lead, lead, this.now, this.now);
  }

  removeTask(number: number): void {
    this.btmsg.prepare('update tasks set removed_at = ? where number = ?').run(this.now, number);
  }

  comment(number: number, task: number, content: string): void {
    this.btmsg
      .prepare(`insert into task_comments values (?, ?, ?, ?, 0, '[]', ?, '')`)
      .run(id(number), id(task), builder, content, this.now);
  }

  loseLetter(number: number, content: string): void {
    this.btmsg
      .prepare(`insert into dead_letter_queue values (?, ?, ?, ?, ?, 'It expired.', ?, null, null, '')`)
      .run(id(number), id(number), lead, builder, content, this.now);
  }

  /** As the backend's threads do it between them. */
  find(query: string, wish: Partial<Wish> = {}): SearchAnswer {
    const isComplete = this.keeper.freshen();
    const whole: Wish = { query, groups: allGroups, order: 'newest', limit: 20, now: this.now, ...wish };
    try {
      return answer(this.#reading().search(whole), isComplete);
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error;
      this.keeper.replace(error.file);
      const isFresh = this.keeper.freshen();
      return answer(this.#reading().search(whole), isFresh);
    }
  }

  /** The texts of the hits, in their order. */
  texts(query: string, wish: Partial<Wish> = {}): string[] {
    return this.find(query, wish).groups.flatMap(({ hits }) => hits.map(({ snippet }) => snippet.map(({ text }) => text).join('')));
  }

  remove(): void {
    this.restart();
    this.kept.remove();
  }

  #reading(): SearchReader {
    const names = new Names(this.sessions, this.btmsg);
    this.#reader ??= new SearchReader({
      path: this.path,
      names,
      gate: (work) => work(),
    });
    return this.#reader;
  }

  #open(): SearchKeeper {
    const { sessions, btmsg } = this;
    const sources = sourcesOf({ sessions, btmsg, names: new Names(sessions, btmsg) });
    const lastPlaces = Object.fromEntries(sources.map((source) => [source.name, source.last()]));
    return new SearchKeeper({
      path: this.path,
      sources,
      lastPlaces,
      gate: (work) => work(),
      pause: async () => {},
      news: (told) => this.news.push(told),
    });
  }
}

function answer({ groups, remarks }: Found, isComplete: boolean): SearchAnswer {
  return { groups: [...groups], remarks: [...remarks], isComplete };
}
