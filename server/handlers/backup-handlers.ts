/** Which feature answers what a person asks about backups. */
import type { Backups } from '../backup/backups.ts';
import type { Handlers } from '../dispatch.ts';

export type BackupFeatures = {
  readonly backups: Backups;
  readonly nightly: { nextAt(): number };
  /** The names of the agents that run. */
  readonly running: () => string[];
  /** Ends what runs, in order; returns the names. */
  readonly stopAll: () => Promise<string[]>;
  readonly end: () => void;
};

export function backupHandlers(features: BackupFeatures): Pick<Handlers, Extract<keyof Handlers, `backup/${string}`>> {
  const { backups, nightly, running, stopAll, end } = features;
  return {
    'backup/create': ({ reason = 'asked' }, { kind }) => backups.create(reason, kind),
    'backup/list': async () => ({
      ...(await backups.list()),
      folder: backups.folder,
      nextAt: nightly.nextAt(),
      lastDrill: await backups.lastDrill(),
      running: backups.running,
    }),
    'backup/verify': ({ backup }) => backups.verify(backup),
    'backup/drill': ({ backup }, { kind }) => backups.drill(backup, kind),
    'backup/compare': async ({ backup: reference }) => {
      const backup = await backups.find(reference);
      return { backup, loss: await backups.loss(backup), running: running() };
    },
    'backup/restore': async ({ backup: reference }, { kind }) => {
      const backup = await backups.find(reference);
      const loss = await backups.loss(backup);
      let stopped: string[] = [];
      const keptIn = await backups.restore(backup, kind, async () => {
        stopped = await stopAll();
      });
      end();
      return { backup, loss, stopped, keptIn };
    },
    'backup/cancel': ({ work }) => ({ wasRunning: backups.cancel(work) }),
  };
}
