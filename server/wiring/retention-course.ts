/** The part of the root that builds what is kept how long over the rest, and lets it begin and end with the backend. */
import { setTimeout as laterOn } from 'node:timers/promises';
import { systemClock } from '../base/clock.ts';
import { dataPaths } from '../base/data-paths.ts';
import type { Disposables } from '../base/disposables.ts';
import { timeSlices } from '../base/time-slices.ts';
import type { HealthReport } from '../health/health.ts';
import { fileSize, folderSize } from '../metrics/folder-size.ts';
import type { Parts } from '../parts.ts';
import { AgorError } from '../protocol/errors.ts';
import { AgentId, SessionId } from '../protocol/ids.ts';
import { Archives } from '../retention/archives.ts';
import { Checkpoints } from '../retention/checkpoints.ts';
import { HousekeepingCourse } from '../retention/housekeeping.ts';
import { HousekeepingStore } from '../retention/housekeeping-store.ts';
import type { Search } from '../search/search.ts';
import type { ServerOptions } from '../server-options.ts';
import { askReaders } from '../store/reader-pause.ts';
import { retentionFact, storageFacts } from './notice-facts.ts';
import { buildStorage } from './storage-places.ts';

export type RetentionParts = { readonly checkpoints: Checkpoints; readonly housekeeping: HousekeepingCourse };

type Setup = Pick<Parts, 'settings' | 'supervisor' | 'agents'> & { readonly search: Pick<Search, 'init'> };

const mostFiles = 100_000;
/** The others come first, and a long run takes a part of the time that nobody notices. */
const slices = { workMs: 3, restMs: 6 } as const;

export function composeRetention({ paths, stores, warn }: ServerOptions, { settings, supervisor, agents, search }: Setup): RetentionParts {
  const { sessions, btmsg, audit, readers } = stores;
  const checkpoints = new Checkpoints({
    files: [sessions, btmsg],
    clock: systemClock,
    askReaders: () => askReaders(readers),
    log: warn,
  });
  const pause = timeSlices({ ...slices, elapsed: () => systemClock.elapsed(), rest: () => laterOn(slices.restMs) });
  const store = new HousekeepingStore(btmsg.db);
  const archives = new Archives({
    ...{ files: { sessions, btmsg }, audit, store, pause },
    dirs: { messages: paths.archive, transcripts: paths.transcriptArchive },
    hasUnsettled: (id) => hasUnsettled(agents, AgentId.parse(id)),
    now: () => systemClock.now(),
  });
  archives.removed.on((ids) => {
    for (const id of ids) agents.sessions.showArchived(SessionId.parse(id));
  });
  const housekeeping = new HousekeepingCourse({
    files: { sessions, btmsg },
    audit,
    store,
    archives,
    sweeping: {
      ...{ agentsDir: paths.agents, logsDir: paths.logs, quarantineDir: paths.quarantine },
      isRunning: (id) => AgentId.safeParse(id).success && supervisor.record(AgentId.parse(id)) !== undefined,
      sizeOf: async (path) => (await fileSize(path)) + (await folderSize(path, mostFiles)).bytes,
    },
    days: () => ({ messages: settings.get('retention.messageDays'), transcripts: settings.get('retention.transcriptDays') }),
    hasTakenIn: async () => (await search.init()).waiting === 0,
    clock: systemClock,
    pause,
    log: warn,
  });
  return { checkpoints, housekeeping };
}

/** Of an agent that was removed nothing is taken in any more. One whose outbox cannot be looked at now is not settled. */
async function hasUnsettled({ registry, approvals, outboxes }: Parts['agents'], agentId: AgentId): Promise<boolean> {
  if (approvals.open().some((approval) => approval.agentId === agentId)) return true;
  if (!registry.has(agentId)) return false;
  try {
    const { pending, poisonedCount } = await outboxes.show(agentId, undefined);
    return pending > 0 || poisonedCount > 0;
  } catch (error) {
    if (error instanceof AgorError) return true;
    throw error;
  }
}

type Started = Pick<Parts, 'retention' | 'notices' | 'agents' | 'workspaces'> & {
  readonly health: HealthReport;
  readonly dataDir: string;
  readonly warn: ServerOptions['warn'];
};

/** What grows does so slowly. */
const sizesEveryMs = 6 * 60 * 60_000;

export function startRetention(started: Started, closing: Disposables): void {
  const { retention, health, notices } = started;
  const { checkpoints, housekeeping } = retention;
  const sizes = setInterval(() => void tellOfSizes(started), sizesEveryMs).unref();
  closing.add(() => clearInterval(sizes));
  closing.add(housekeeping.changed.on(() => void tellOfSizes(started)));
  closing.add(checkpoints.changed.on(() => health.touch()));
  closing.add(housekeeping.changed.on(() => health.touch()));
  closing.add(housekeeping.announced.on((announced) => notices.raise(retentionFact(announced))));
  closing.add(() => checkpoints.close());
  closing.add(() => housekeeping.close());
  checkpoints.start();
  housekeeping.start();
}

/** Before something is full. The free space of the disk is looked at each minute by the notices themselves. */
async function tellOfSizes({ notices, dataDir, warn, ...parts }: Started): Promise<void> {
  try {
    const { parts: sizes } = await buildStorage({ paths: dataPaths(dataDir) }, parts).report();
    for (const fact of storageFacts(sizes, Date.now())) notices.raise(fact);
  } catch (err) {
    warn('the sizes in the data directory cannot be told', { err });
  }
}
