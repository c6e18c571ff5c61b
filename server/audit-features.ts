/** Builds what is asked about the audit log, and the import whose end it tells of. */
import type { AgentRegistry } from './agents/agent-registry.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import type { DataPaths } from './base/data-paths.ts';
import { Importing } from './importing/importing.ts';
import type { Projects } from './projects/projects.ts';
import type { Stores } from './stores.ts';

export type AuditParts = {
  readonly paths: DataPaths;
  readonly stores: Stores;
  readonly projects: Projects;
  readonly registry: AgentRegistry;
  /** Whether `groups.json` declares it. */
  readonly isTeam: (id: string) => boolean;
  readonly now: () => number;
};

export function buildAuditFeatures({ paths, stores, projects, registry, isTeam, now }: AuditParts) {
  const { btmsg: file, audit, witness } = stores;
  const knownAgents = () =>
    registry.all().flatMap(({ id, name, projectId }) => {
      const project = projects.get(projectId);
      return project ? [{ id, name, projectPath: project.path }] : [];
    });
  return {
    auditTrail: new AuditTrail({ file, audit, witness, now }),
    importing: new Importing({ file, audit, knownAgents, isTeam, importsDir: paths.imports, now }),
  };
}
