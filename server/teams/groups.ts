/**
 * `groups.json`: read when the backend starts, when the file changes and when somebody asks. It is applied whole or not at
 * all, and never written: a file that cannot be used leaves in force what was.
 */
import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { fingerprintOf, readPersonFile } from '../base/person-file.ts';
import type { GroupProblem, GroupReport } from '../protocol/team.ts';
import type { DeclaredGroup, Ground } from './declared-groups.ts';
import { NameTaken } from './group-plan.ts';
import { problemAt } from './group-text.ts';
import { readGroups } from './read-groups.ts';

export type GroupsDeps = {
  readonly path: string;
  readonly ground: Ground;
  /** Returns one phrase for each change; throws `NameTaken`, or what the disk says. */
  readonly apply: (groups: readonly DeclaredGroup[], actor: string) => string[];
  /** When what is in force was applied; null when there is nothing. */
  readonly lastAppliedAt: () => number | null;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const settleMs = 300;
const lookEveryMs = 5_000;
const maxBytes = 1024 * 1024;

type Attempt = Pick<GroupReport, 'exists' | 'isInForce' | 'problems' | 'changes'>;

export class Groups {
  readonly reported = new Emitter<GroupReport>();
  readonly #deps: GroupsDeps;
  #attempt: Attempt = { exists: false, isInForce: true, problems: [], changes: [] };
  #appliedAt: number | null;
  /** Of the file that was last read to the end; undefined when it is to be read again. */
  #seen: string | undefined;
  #watcher: FSWatcher | undefined;
  #callOffLook: () => void = () => {};
  #callOffSettling: () => void = () => {};

  constructor(deps: GroupsDeps) {
    this.#deps = deps;
    this.#appliedAt = deps.lastAppliedAt();
  }

  /** Applies the file and watches it. */
  start(): void {
    this.look();
    this.#watch();
    this.#lookLater();
  }

  close(): void {
    this.#callOffLook();
    this.#callOffSettling();
    this.#watcher?.close();
  }

  report(): GroupReport {
    return { path: this.#deps.path, appliedAt: this.#appliedAt, ...this.#attempt };
  }

  /** Why the file cannot be used, with its line; undefined when it can. */
  problem(): string | undefined {
    const { isInForce, problems } = this.#attempt;
    const [first] = problems.filter(({ severity }) => severity === 'error');
    if (isInForce || !first) return undefined;
    return `${this.#deps.path}, line ${first.line + 1}: ${first.message} What was in force before stays.`;
  }

  /** Whatever was seen before. An unusable file changes nothing and is told in the report; throws what the disk says. */
  apply(actor: string): GroupReport {
    const before = JSON.stringify(this.report());
    const seen = fingerprintOf(this.#deps.path);
    this.#attempt = this.#tryToApply(actor);
    this.#seen = this.#attempt.isInForce ? seen : undefined;
    if (this.#attempt.isInForce && this.#attempt.exists) this.#appliedAt = this.#deps.lastAppliedAt();
    const report = this.report();
    if (JSON.stringify(report) !== before) this.reported.emit(report);
    return report;
  }

  /** Applies the file if it changed, or could not be used the last time. */
  look(): void {
    if (this.#seen !== undefined && this.#seen === fingerprintOf(this.#deps.path)) return;
    try {
      this.apply('backend');
    } catch (err) {
      this.#deps.log('groups.json was not applied', { path: this.#deps.path, err });
    }
  }

  #tryToApply(actor: string): Attempt {
    const text = readPersonFile(this.#deps.path, maxBytes);
    if (text === undefined) return { exists: false, isInForce: this.#appliedAt === null, problems: this.#missing(), changes: [] };
    if (text instanceof Error) return { exists: true, isInForce: false, problems: [atStart(text.message)], changes: [] };
    const read = readGroups(text, this.#deps.ground);
    if (!read.groups) return { exists: true, isInForce: false, problems: [...read.problems], changes: [] };
    try {
      return { exists: true, isInForce: true, problems: [...read.problems], changes: this.#deps.apply(read.groups, actor) };
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error;
      return { exists: true, isInForce: false, problems: [...read.problems, problemAt(read, error.path, error.message)], changes: [] };
    }
  }

  /** A file that is gone takes nothing back: it may only be on its way, as editors and synchronizers do it. */
  #missing(): GroupProblem[] {
    if (this.#appliedAt === null) return [];
    return [{ ...atStart('The file is gone. The groups that it declared stay in force until there is another.'), severity: 'warning' }];
  }

  #lookLater(): void {
    this.#callOffLook = this.#deps.clock.after(lookEveryMs, () => {
      this.#lookLater();
      this.#watch();
      this.look();
    });
  }

  /** The folder, because editors put a new file in the place of the old one. It may come later, and go. */
  #watch(): void {
    if (this.#watcher) return;
    try {
      this.#watcher = watch(dirname(this.#deps.path), { persistent: false }, () => this.#changedSoon());
      this.#watcher.on('error', () => this.#unwatch());
    } catch {
      // There is no such folder, or no watch to be had: it is looked at all the same.
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** Once it has been quiet for a moment: a file that is half written is no news. */
  #changedSoon(): void {
    this.#callOffSettling();
    this.#callOffSettling = this.#deps.clock.after(settleMs, () => this.look());
  }
}

function atStart(message: string): GroupProblem {
  return { severity: 'error', message, line: 0, column: 0, endLine: 0, endColumn: 0 };
}
