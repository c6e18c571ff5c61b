/** Whether a backend runs, of which build, and what it says of itself. Pure. */
import type { BackendPresence } from '../protocol/doctor.ts';
import { type BuildInfo, buildId, type Health } from '../protocol/health.ts';
import { type Diagnosis, diagnosis } from './finding.ts';

export type BackendFacts = {
  readonly presence: BackendPresence;
  /** Of the one that holds the data directory; null when that is not known. */
  readonly owner: { readonly pid: number; readonly build: BuildInfo } | null;
  /** What it answered; null when it was not or could not be asked. */
  readonly health: Health | null;
  readonly ownBuild: BuildInfo;
};

export function judgeBackend(facts: BackendFacts): Diagnosis[] {
  if (facts.presence === 'none') return [diagnosis('backend.presence', 'ok', 'No backend runs; the next window or command starts one.')];
  if (facts.presence === 'deaf') return [deaf(facts)];
  const { owner, health } = facts;
  return [
    diagnosis('backend.presence', 'ok', `The backend runs${owner ? `, with pid ${owner.pid}` : ''}, and answers.`),
    ...builds(facts),
    ...(health ? failedSidecars(health) : []),
    ...(health?.problems ?? []).map((problem) => diagnosis('backend.problem', 'problem', problem, { todo: [{ run: 'agor health' }] })),
  ];
}

function deaf({ owner }: BackendFacts): Diagnosis {
  const what = owner
    ? `The backend with pid ${owner.pid} holds the data directory and does not answer.`
    : 'Some process holds the data directory, and has left no word who it is.';
  const why = 'Agents that run go on, and what they do is kept by their sidecars until a backend takes it in.';
  const end = owner ? [{ say: 'If it stays so for a minute, end it; nothing acknowledged is lost:' }, { run: `kill -9 ${owner.pid}` }] : [];
  return diagnosis('backend.presence', 'problem', what, { why, todo: [...end, { run: 'agor health' }] });
}

function builds({ owner, ownBuild }: BackendFacts): Diagnosis[] {
  if (!owner || buildId(owner.build) === buildId(ownBuild)) return [];
  const isNewer = owner.build.buildTime > ownBuild.buildTime;
  const what = `The backend is of ${isNewer ? 'a newer' : 'an older'} build (${buildId(owner.build)}) than this command (${buildId(ownBuild)}).`;
  const todo = isNewer
    ? [{ say: 'Use the command that came with it: the one in bin/ of the data directory.' }]
    : [{ say: 'The next window or command of the newer build takes over; agents go on.' }];
  return [diagnosis('backend.build', isNewer ? 'warning' : 'note', what, { todo })];
}

function failedSidecars({ sidecars }: Health): Diagnosis[] {
  return sidecars.flatMap(({ agentId, health }) => {
    if (health.state !== 'failed') return [];
    const todo = [{ run: `agor agent logs ${agentId}` }, { run: `agor agent restart ${agentId}` }];
    return [diagnosis('agents.failed', 'problem', `An agent failed after ${health.attempts} starts: ${health.lastError}`, { todo })];
  });
}
