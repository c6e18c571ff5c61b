/** A restore for practice: the backup is brought back into an empty folder and opened as a backend would, and what came of it is kept. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../base/data-paths.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { type Backup, type BackupManifest, type DrillReport, databaseNames } from '../protocol/backup.ts';
import { drillText } from '../protocol/backup-text.ts';
import { witnessPath } from '../store/high-water-mark.ts';
import { tableCounts } from '../store/table-counts.ts';
import { bringBack } from './bring-back.ts';
import { examineAudit } from './examine.ts';
import type { OpenedStores, Opener } from './opener.ts';
import { requireKnownSchemas, verifyBackup } from './verify-backup.ts';

export type DrillWish = {
  readonly backup: Backup;
  /** Ours alone: what a killed one left there goes first, and it is gone at the end. */
  readonly scratch: string;
  /** Where the report goes, as JSON and in words. */
  readonly reports: string;
  readonly at: number;
  readonly build: BackupManifest['build'];
};

type StepName = DrillReport['steps'][number]['name'];

export async function drill(wish: DrillWish, opener: Opener): Promise<DrillReport> {
  const { backup, scratch, at, build } = wish;
  const course = new Drill(backup);
  rmSync(scratch, { recursive: true, force: true });
  try {
    await course.run(scratch, opener);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const about = { format: 1, at, backup: backup.id, backupMadeAt: backup.madeAt, build, bytes: backup.bytes } as const;
  const report: DrillReport = { ...about, ...course.found };
  keep(report, wish.reports);
  return report;
}

class Drill {
  readonly #backup: Backup;
  readonly #steps: DrillReport['steps'] = [];
  readonly #problems: string[] = [];
  readonly #rows = { sessions: 0, btmsg: 0 };
  #head = { seq: 0, hash: '' };

  constructor(backup: Backup) {
    this.#backup = backup;
  }

  get found(): Pick<DrillReport, 'steps' | 'rows' | 'audit' | 'problems'> {
    return { steps: this.#steps, rows: this.#rows, audit: this.#head, problems: [...this.#backup.flaws, ...this.#problems] };
  }

  /** A step that finds something ends the drill: the ones behind it would only stumble over the same. */
  async run(scratch: string, opener: Opener): Promise<void> {
    const backup = this.#backup;
    const paths = dataPaths(scratch);
    await this.#step('check', async () => {
      requireKnownSchemas(backup, opener.known);
      this.#problems.push(...(await verifyBackup(backup)));
    });
    await this.#step('bringBack', () => bringBack(backup, scratch));
    let stores: OpenedStores | undefined;
    await this.#step('open', () => {
      stores = opener.open(paths);
      this.#problems.push(...stores.problems());
    });
    await this.#step('count', () => stores && this.#count(stores));
    stores?.close();
    await this.#step('chain', () => this.#chain(paths.btmsgDb));
  }

  async #step(name: StepName, work: () => unknown): Promise<void> {
    if (this.#problems.length > 0) return;
    const began = performance.now();
    try {
      await work();
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    this.#steps.push({ name, ms: Math.round(performance.now() - began) });
  }

  /** Migrations may add tables and rows, and what was there is there still. */
  #count(stores: OpenedStores): void {
    for (const name of databaseNames) {
      const counts = tableCounts(stores[name].db);
      this.#rows[name] = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const fewer = Object.entries(this.#backup.databases[name].rows).filter(([table, rows]) => isFewer(counts[table], rows));
      this.#problems.push(...fewer.map(([table, rows]) => `${name}.db has ${counts[table]} rows in ${table}; ${rows} were backed up.`));
    }
  }

  async #chain(path: string): Promise<void> {
    const { seq, hash } = this.#backup.audit;
    const { head, flaws } = await examineAudit(path, readFileSync(witnessPath(path)));
    this.#head = head;
    this.#problems.push(...flaws.filter((flaw) => !this.#backup.flaws.includes(flaw)));
    if (head.seq < seq || (head.seq === seq && head.hash !== hash))
      this.#problems.push(`The audit log ends at row ${head.seq}, not at row ${seq} as it was backed up.`);
  }
}

/** A table that is gone was taken away by a migration. */
function isFewer(found: number | undefined, expected: number): boolean {
  return found !== undefined && found < expected;
}

function keep(report: DrillReport, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = new Date(report.at).toISOString().replaceAll(/[:.]/g, '-');
  writeFileWhole(join(folder, `${name}.txt`), `${drillText(report).join('\n')}\n`);
  writeFileWhole(join(folder, `${name}.json`), JSON.stringify(report, null, 2));
}
