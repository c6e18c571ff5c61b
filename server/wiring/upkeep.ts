/** The part of the root that builds what a person who keeps an installation asks of a running backend. */
import { tmpdir } from 'node:os';
import { AuditSearch } from '../audit/audit-search.ts';
import { fixFiles } from '../doctor/file-doctor.ts';
import type { Upkeep } from '../handlers/upkeep-handlers.ts';
import type { Parts } from '../parts.ts';
import { alertEvents } from '../protocol/audit-groups.ts';
import { finishProcedure } from '../runbook/finish-procedure.ts';
import type { ServerOptions } from '../server-options.ts';

const reportedAlerts = 100;
const auditedFixes = 100;
const now = () => Date.now();

export function buildUpkeep(
  { paths, stores, build }: ServerOptions,
  { agents, projects, workspaces }: Pick<Parts, 'agents' | 'projects' | 'workspaces'>,
): Upkeep {
  const { btmsg: file, audit } = stores;
  const { dataDir, quarantine } = paths;
  const alerts = new AuditSearch(file.db);
  const procedures = {
    ...{ file, audit, build, reportsDir: paths.reports, now },
    alerts: (from: number, to: number) => alerts.newest({ events: [...alertEvents], from, to, limit: reportedAlerts }).records,
  };
  const known = () => new Set<string>(agents.registry.all().map(({ id }) => id));
  return {
    async fix(actor) {
      const ofWorktrees = {
        worktrees: () => workspaces.worktrees.strays(new Map(projects.list().map(({ id, path }) => [id, path]))),
        closeWorktree: (id: string) => workspaces.worktrees.remove(id, actor),
      };
      const fixed = await fixFiles({ dataDir, quarantine, temporary: tmpdir(), backend: 'running', agents: known, ...ofWorktrees, now });
      if (fixed.length === 0) return fixed;
      const detail = { fixed: fixed.slice(0, auditedFixes), count: fixed.length };
      file.write(() => audit.append({ at: now(), event: 'doctor_fixed', agentId: null, actor, detail }));
      return fixed;
    },
    finish: (params, actor) => finishProcedure(procedures, params, actor),
  };
}
