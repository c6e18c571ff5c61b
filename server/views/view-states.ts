/** What a view wants to find again, a draft for example: kept with the rest, because a window may be gone before it saved. */
import type { Database } from '../store/open-database.ts';

export type ViewStatesDeps = {
  readonly db: Database;
  readonly write: <T>(work: () => T) => T;
  readonly now: () => number;
};

export class ViewStates {
  readonly #deps: ViewStatesDeps;
  readonly #put;
  readonly #get;

  constructor(deps: ViewStatesDeps) {
    this.#deps = deps;
    this.#put = deps.db.prepare(
      `insert into view_states (view, key, state, saved_at) values (:view, :key, :state, :savedAt)
       on conflict (view, key) do update set state = excluded.state, saved_at = excluded.saved_at`,
    );
    this.#get = deps.db.prepare<[string, string], string>('select state from view_states where view = ? and key = ?').pluck();
  }

  put(state: { readonly view: string; readonly key: string; readonly state: string }): void {
    this.#deps.write(() => this.#put.run({ ...state, savedAt: this.#deps.now() }));
  }

  get(view: string, key: string): string | null {
    return this.#get.get(view, key) ?? null;
  }
}
