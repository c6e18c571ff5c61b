/** The part of the root that shows that the backend is alive: by its health file always, by its port as a service. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { systemClock } from '../base/clock.ts';
import type { Disposables } from '../base/disposables.ts';
import type { HealthReport } from '../health/health.ts';
import type { Parts } from '../parts.ts';
import type { ServerOptions } from '../server-options.ts';
import { healthAnswer } from '../service/health-answer.ts';
import { HealthPort } from '../service/health-port.ts';
import { Pulse, usualRoundMs } from '../service/pulse.ts';

export type ServiceParts = {
  readonly pulse: Pulse;
  readonly port: HealthPort;
  /** What is in the way of a service, one sentence each. */
  readonly problems: () => string[];
  /** Projects whose folders the service may not write in. */
  readonly closedFolders: Set<string>;
};

type Needed = Pick<Parts, 'agents' | 'settings' | 'projects'>;
type Setup = { readonly options: ServerOptions; readonly parts: Needed; readonly health: () => HealthReport };

/** Who asks all the time gets what was found within a second. */
const freshMs = 1_000;

export function composeService({ options, parts, health }: Setup): ServiceParts {
  const { stores, paths, build, warn } = options;
  const sessions = stores.sessions.db.prepare('select count(*) from (select 1 from projects limit 1)').pluck();
  const btmsg = stores.btmsg.db.prepare('select max(seq) from audit_log').pluck();
  const pulse = new Pulse({
    read: { sessions: () => void sessions.get(), btmsg: () => void btmsg.get() },
    sidecars: () => parts.agents.sidecars(),
    maxAgeSec: () => parts.settings.get('health.maxAgeSec'),
    ...{ build, path: paths.health, now: () => Date.now(), elapsed: () => performance.now(), log: warn },
  });
  const answer = () => {
    const round = Math.abs(Date.now() - pulse.last.at) > freshMs ? pulse.look() : pulse.last;
    const { ageMs, uptimeSec } = pulse;
    return healthAnswer({ build, round, ageMs, uptimeSec, state: health().get().state, sidecars: parts.agents.sidecars() });
  };
  const port = new HealthPort({ answer, onProblem: () => health().touch(), after: systemClock.after });
  const closedFolders = new Set<string>();
  const problems = () => [...(port.problem ? [port.problem] : []), ...[...closedFolders].map(closedFolder)];
  return { pulse, port, problems, closedFolders };
}

function closedFolder(folder: string): string {
  return `The service may not write in ${folder}, so no agent can work there. Run "agor service install" again, which opens it to the service.`;
}

type Starting = { readonly options: ServerOptions; readonly service: ServiceParts; readonly health: HealthReport } & Needed;

export function startService({ options, service, settings, projects, health }: Starting, closing: Disposables): void {
  const { pulse, port } = service;
  const { isService } = options;
  pulse.beat();
  const timer = setInterval(() => pulse.beat(), options.roundEveryMs ?? usualRoundMs).unref();
  closing.add(() => clearInterval(timer));
  closing.add(() => pulse.end());
  if (!isService) return;
  const usePort = () => void port.use(settings.get('health.port')).catch((err: unknown) => options.warn('the health port failed', { err }));
  usePort();
  closing.add(settings.changed.on((names) => names.includes('health.port') && usePort()));
  closing.add(() => port.close());
  const look = (folder: string) => void lookAt(folder, service, health);
  for (const { path } of projects.list()) look(path);
  closing.add(projects.changed.on(({ path }) => look(path)));
}

/** A unit file opens the folders that were projects when it was written; the others are read-only to the service. */
async function lookAt(folder: string, { closedFolders }: ServiceParts, health: HealthReport): Promise<void> {
  const code = await access(folder, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  const isChanged = code === 'EROFS' ? !closedFolders.has(folder) : closedFolders.has(folder);
  if (code === 'EROFS') closedFolders.add(folder);
  else closedFolders.delete(folder);
  if (isChanged) health.touch();
}
