/** The part of the root that builds backups, makes them at night, and tells of what comes of it. */
import type { AgentsFeature } from '../agents/compose.ts';
import { Backups } from '../backup/backups.ts';
import { Nightly } from '../backup/nightly.ts';
import { isDrillDue } from '../backup/schedule.ts';
import { systemClock } from '../base/clock.ts';
import type { Disposables } from '../base/disposables.ts';
import { Emitter } from '../base/emitter.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { BackupFeatures } from '../handlers/backup-handlers.ts';
import type { HealthReport } from '../health/health.ts';
import type { Notices } from '../notices/notices.ts';
import type { Projects } from '../projects/projects.ts';
import type { AgentState } from '../protocol/agent.ts';
import type { BackupStatus } from '../protocol/backup.ts';
import type { ServerOptions } from '../server-options.ts';
import type { Settings } from '../settings/settings.ts';
import { drillFact } from './notice-facts.ts';
import { reachableBackups } from './reachable-backups.ts';

const answerFirstMs = 20;

export type BackupParts = {
  readonly backups: Backups;
  readonly nightly: Nightly;
  /** Why the last try to make one failed; empty when it did not. */
  readonly problems: () => string[];
  /** As it was last looked at; null before. */
  readonly status: () => BackupStatus | null;
  /** Looks again. */
  readonly look: () => Promise<void>;
  readonly looked: Emitter<void>;
};

type Needs = {
  readonly options: ServerOptions;
  readonly settings: Settings;
  readonly notices: Notices;
  readonly projects: Pick<Projects, 'list'>;
};

export function composeBackups({ options, settings, notices, projects }: Needs): BackupParts {
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
    looked: () => look().catch((err: unknown) => warn('the backups cannot be looked at', { err })),
    clock: systemClock,
  });
  let status: BackupStatus | null = null;
  const looked = new Emitter<void>();
  const look = async () => {
    status = await statusOf({ backups, nightly, began: () => stores.audit.page(0, 1, 1)[0]?.at }, notices);
    looked.emit();
  };
  const given = () => [
    ...projects.list().flatMap(({ path }) => [path, `${path}.worktrees`]),
    ...settings.get('sandbox.readWritePaths'),
    ...settings.get('sandbox.readOnlyPaths'),
  ];
  const reachable = () => (settings.get('backup.folder') === '' ? undefined : reachableBackups(backups.folder, given()));
  const problems = () => [...(problem === null ? [] : [`The last backup could not be made: ${problem}`]), ...[reachable() ?? []].flat()];
  return { backups, nightly, problems, status: () => status, look, looked };
}

export function startBackups({ backups, nightly, look }: BackupParts, { warn }: Pick<ServerOptions, 'warn'>, closing: Disposables): void {
  closing.add(() => backups.close());
  closing.add(() => nightly.close());
  backups.tidy().catch((err: unknown) => warn('what was left of a backup was not removed', { err }));
  const again = () => void look().catch((err: unknown) => warn('the backups cannot be looked at', { err }));
  backups.tried.on(again);
  backups.drilled.on(again);
  again();
  nightly.start();
}

export function tellOfBackups({ backups, looked }: BackupParts, health: HealthReport, clients: ClientDoor): void {
  backups.tried.on(() => {
    health.touch();
    clients.tellPerson('backup/changed', {});
  });
  looked.on(() => health.touch());
  backups.progressed.on((progress) => clients.tellPerson('backup/progressed', progress));
}

/** What the handlers of a restore do to agents: as a person would who stops each. */
export function aroundRestore(
  { agents }: AgentsFeature,
  handOver: ServerOptions['handOver'],
): Pick<BackupFeatures, 'running' | 'stopAll' | 'end'> {
  const up = () => agents.list(undefined).filter(({ state }) => !isDown.has(state));
  return {
    running: () => up().map(({ name }) => name),
    stopAll: async () => {
      const stopping = up();
      await Promise.all(stopping.map(({ id }) => agents.stop(id)));
      return stopping.map(({ name }) => name);
    },
    // The answer goes out first.
    end: () => void setTimeout(() => handOver('the next backend begins with a backup'), answerFirstMs),
  };
}

const isDown: ReadonlySet<AgentState> = new Set<AgentState>(['stopped', 'sleeping', 'offline', 'failed', 'waitingForCredentials']);

type Looked = Pick<BackupParts, 'backups' | 'nightly'> & { /** When the data began. */ readonly began: () => number | undefined };

/** Whoever has to be reminded of a drill is, once for each time that it is due. */
async function statusOf({ backups, nightly, began }: Looked, notices: Notices): Promise<BackupStatus> {
  const [{ backups: listed }, last] = await Promise.all([backups.list(), backups.lastDrill()]);
  const [now, since] = [Date.now(), last?.at ?? began()];
  const isDue = since !== undefined && isDrillDue(now, since);
  if (isDue) notices.raise(drillFact({ lastAt: last?.at ?? null, since, now }));
  const lastGoodAt = listed.find(({ flaws }) => flaws.length === 0)?.madeAt ?? null;
  return { lastGoodAt, lastDrillAt: last?.at ?? null, nextAt: nightly.nextAt(), isDrillDue: isDue };
}
