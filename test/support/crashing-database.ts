/** A database whose process dies before a statement of one's choice: from there on nothing works until it is opened anew. */
import type { Database } from '../../server/store/open-database.ts';

/** Counts the statements of all databases that share it. */
export class CrashPoint {
  #left: number;
  #crashed: Database | undefined;
  hasStruck = false;

  /** Dies before this statement, counted from 0. */
  constructor(beforeStatement = Number.POSITIVE_INFINITY) {
    this.#left = beforeStatement;
  }

  /** The database whose process died; told once. */
  takeCrashed(): Database | undefined {
    const crashed = this.#crashed;
    this.#crashed = undefined;
    return crashed;
  }

  /** From here on nothing dies any more. */
  disarm(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  get hasCrashed(): boolean {
    return this.#crashed !== undefined;
  }

  /** What is open in the same process dies with it. */
  watch(db: Database, process: readonly Database[] = [db]): void {
    const step = () => this.#step(db, process);
    const prepare = db.prepare.bind(db);
    const exec = db.exec.bind(db);
    // The methods keep their shapes: only a step is put before what they do.
    db.prepare = ((sql: string) => watched(prepare(sql), step)) as Database['prepare'];
    db.exec = (sql) => {
      step();
      return exec(sql);
    };
  }

  #step(db: Database, process: readonly Database[]): void {
    if (this.#crashed && process.includes(this.#crashed)) throw new Died();
    if (this.#crashed) return;
    this.#left -= 1;
    if (this.#left >= 0) return;
    this.#left = Number.POSITIVE_INFINITY;
    this.#crashed = db;
    this.hasStruck = true;
    throw new Died();
  }
}

/** Looks like a disk that failed, because nothing is decided in a process that is dead. */
class Died extends Error {
  readonly code = 'SQLITE_IOERR';
}

const steps = new Set(['run', 'get', 'all', 'iterate']);

function watched<T extends object>(statement: T, step: () => void): T {
  return new Proxy(statement, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        if (steps.has(String(name))) step();
        const answer: unknown = method.apply(target, args);
        return answer === target ? watched(target, step) : answer;
      };
    },
  });
}
