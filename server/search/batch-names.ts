/** Names as they are during one batch: most of its rows are of the same few agents, and to look one up costs as much as a row. */
import type { Names } from './names.ts';

type Lookup<Name> = (id: string) => Name;

export class BatchNames {
  readonly #begin: (() => void)[] = [];
  /** Undefined for who was never known. */
  readonly known: Lookup<string | undefined>;
  readonly party: Lookup<string>;
  readonly project: Lookup<string>;
  readonly channel: Lookup<string>;

  constructor(names: Names) {
    this.known = this.#once((id) => names.known(id));
    this.party = this.#once((id) => names.party(id));
    this.project = this.#once((id) => names.project(id));
    this.channel = this.#once((id) => names.channel(id));
  }

  /** What was looked up before may be called otherwise now. */
  begin(): void {
    for (const forget of this.#begin) forget();
  }

  #once<Name>(lookUp: Lookup<Name>): Lookup<Name> {
    const found = new Map<string, Name>();
    this.#begin.push(() => found.clear());
    return (id) => {
      const name = found.get(id) ?? lookUp(id);
      found.set(id, name);
      return name;
    };
  }
}
