/** The part of the root that builds backups, makes them at night, and tells of what comes of it. */
import type { AgentsFeature } from '../agents/compose.ts';
import { Backups } from '../backup/backups.ts';
import { Nightly } from '../backup/nightly.ts';
import { isDrillDue } from '../backup/schedule.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposables } from '../base/disposables.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { BackupFeatures } from '../handlers/backup-handlers.ts';
import type { HealthReport } from '../health/health.ts';
import type { Notices } from '../notices/notices.ts';
import type { AgentState } from '../protocol/agent.ts';
import type { ServerOptions } from '../server-options.ts';
import type { Settings } from '../settings/settings.ts';
import { drillFact } from './notice-facts.ts';

export type BackupParts = {
  readonly backups: Backups;
  readonly nightly: Nightly;
  /** Why the last try to make one failed; empty when it did not. */
  readonly problems: () => string[];
};

type Needs = { readonly options: ServerOptions; readonly settings: Settings; readonly notices: Notices };

export function composeBackups({ options, settings, notices }: Needs): BackupParts {
  const { config, paths, stores, build, warn } = options;
  const backups = new Backups({
    ...{ dataDir: paths.dataDir, sessions: stores.sessions, btmsg: stores.btmsg, audit: stores.audit },
    usualFolder: paths.backups,
    chosenFolder: () => settings.get('backup.folder'),
    keepDays: () => settings.get('backup.keepDays'),
    program: config.backupProgram,
    ...{ build, clock: systemClock, log: warn },
  });
  let problem: string | null = null;
  backups.tried.on((why) => {
    problem = why;
  });
  const nightly = new Nightly({
    hour: () => settings.get('backup.hour'),
    madeAts: async () => (await backups.list()).backups.map(({ madeAt }) => madeAt),
    make: () => backups.create('nightly', 'backend'),
    looked: () => remindOfDrill(backups, options, notices),
    clock: systemClock,
  });
  return { backups, nightly, problems: () => (problem === null ? [] : [`The last backup could not be made: ${problem}`]) };
}

export function startBackups({ backups, nightly }: BackupParts, { warn }: Pick<ServerOptions, 'warn'>, closing: Disposables): void {
  closing.add(() => backups.close());
  closing.add(() => nightly.close());
  backups.tidy().catch((err: unknown) => warn('what was left of a backup was not removed', { err }));
  nightly.start();
}

export function tellOfBackups({ backups }: BackupParts, health: HealthReport, clients: ClientDoor): void {
  backups.tried.on(() => {
    health.touch();
    clients.tellPerson('backup/changed', {});
  });
  backups.progressed.on((progress) => clients.tellPerson('backup/progressed', progress));
}

/** What the handlers of a restore do to agents: as a person would who stops each. */
export function aroundRestore({ agents }: AgentsFeature): Pick<BackupFeatures, 'running' | 'stopAll'> {
  const up = () => agents.list(undefined).filter(({ state }) => !isDown.has(state));
  return {
    running: () => up().map(({ name }) => name),
    stopAll: async () => {
      const stopping = up();
      await Promise.all(stopping.map(({ id }) => agents.stop(id)));
      return stopping.map(({ name }) => name);
    },
  };
}

const isDown: ReadonlySet<AgentState> = new Set<AgentState>(['stopped', 'sleeping', 'offline', 'failed', 'waitingForCredentials']);

/** Once for each time that it is due. */
async function remindOfDrill(backups: Backups, { stores }: ServerOptions, notices: Notices): Promise<void> {
  const last = await backups.lastDrill();
  const since = last?.at ?? stores.audit.page(0, 1, 1)[0]?.at;
  const now = Date.now();
  if (since !== undefined && isDrillDue(now, since)) notices.raise(drillFact({ lastAt: last?.at ?? null, since, now }));
}
