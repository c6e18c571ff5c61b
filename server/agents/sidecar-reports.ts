/** The sidecars that run, and those that do not because they crashed, as health tells of them. */
import type { SidecarReport } from '../protocol/health.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentReports } from './agent-reports.ts';
import type { Restarts } from './restarts.ts';
import type { Run, Supervisor } from './supervisor.ts';

export type SidecarReportsDeps = {
  readonly supervisor: Supervisor;
  readonly registry: AgentRegistry;
  readonly reports: AgentReports;
  readonly restarts: Restarts;
};

export function sidecarReports({ supervisor, registry, reports, restarts }: SidecarReportsDeps): SidecarReport[] {
  const told = (id: AgentId) => ({ agentId: id, state: reports.view(id).state, health: restarts.health(id) });
  return registry.all().flatMap(({ id }) => {
    const run = supervisor.run(id);
    if (run) return { ...told(id), ...runFacts(run) };
    return restarts.holdsBack(id) ? { ...told(id), ...noRun } : [];
  });
}

const noRun = { runId: null, pid: 0, connected: false, startedAt: 0 };

function runFacts({ record, hello, link }: Run) {
  const pid = hello?.pid ?? record.sidecar?.pid ?? 0;
  return { runId: record.runId, pid, connected: link !== undefined, startedAt: record.createdAt };
}
