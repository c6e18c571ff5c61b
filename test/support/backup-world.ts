/** Backups over real stores of their own, with the thread that checks them and a clock that a test moves. */
import { fileURLToPath } from 'node:url';
import { Backups, type BackupsDeps } from '../../server/backup/backups.ts';
import type { Backup } from '../../server/protocol/backup.ts';
import { FakeClock } from './fake-clock.ts';
import { TestStores } from './test-stores.ts';

const program = fileURLToPath(new URL('../../server/backup-thread.ts', import.meta.url));
const dayMs = 24 * 60 * 60 * 1_000;

export class BackupWorld {
  readonly own = new TestStores();
  readonly clock = new FakeClock();
  readonly backups: Backups;
  /** Empty: the usual one. */
  folder = '';
  keepDays = 7;

  constructor(deps: Partial<BackupsDeps> = {}) {
    const { sessions, btmsg, audit } = this.own.stores;
    // A day that dates can be told of, whatever the time zone.
    this.clock.setWallClock(Date.UTC(2026, 4, 1, 12));
    this.backups = new Backups({
      ...{ sessions, btmsg, audit, program, clock: this.clock },
      dataDir: this.own.paths.dataDir,
      usualFolder: this.own.paths.backups,
      chosenFolder: () => this.folder,
      keepDays: () => this.keepDays,
      build: { version: '1.2.3', gitSha: 'abc' },
      log: () => {},
      ...deps,
    });
  }

  create(): Promise<Backup> {
    return this.backups.create('asked', 'cli');
  }

  days(count: number): void {
    this.clock.setWallClock(count * dayMs);
  }

  /** So many rows of the audit log, each in a write of its own. */
  write(rows: number): void {
    const { btmsg, audit } = this.own.stores;
    for (let row = 0; row < rows; row += 1) {
      btmsg.write(() => audit.append({ at: row, event: 'heartbeat', agentId: null, actor: 'backend', detail: { text: 'x'.repeat(200) } }));
    }
  }

  async close(): Promise<void> {
    await this.backups.close();
    this.own.remove();
  }
}
