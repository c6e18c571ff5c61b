/** Builds what is asked about the audit log, and the import whose end it tells of. */
import type { AgentRegistry } from '../agents/agent-registry.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { Importing } from '../importing/importing.ts';
import type { Projects } from '../projects/projects.ts';
import type { BuildInfo } from '../protocol/health.ts';
import { partyIds } from '../protocol/message.ts';
import type { Stores } from '../stores.ts';
import type { Teamwork } from './teamwork.ts';

export type AuditParts = {
  readonly paths: DataPaths;
  readonly stores: Stores;
  readonly projects: Projects;
  readonly registry: AgentRegistry;
  readonly teamwork: Pick<Teamwork, 'teams' | 'screen' | 'heldTexts'>;
  readonly build: BuildInfo;
  readonly now: () => number;
};

export function buildAuditFeatures({ paths, stores, projects, registry, teamwork, build, now }: AuditParts) {
  const { teams, screen, heldTexts } = teamwork;
  const { btmsg: file, audit, witness } = stores;
  const knownAgents = () =>
    registry.all().flatMap(({ id, name, projectId }) => {
      const project = projects.get(projectId);
      return project ? [{ id, name, projectPath: project.path }] : [];
    });
  return {
    auditTrail: new AuditTrail({ file, audit, witness, build, now }),
    importing: new Importing({
      ...{ file, audit, knownAgents, importsDir: paths.imports, now },
      isTeam: (id) => teams.profiles.teams().some((team) => team.id === id),
      screen: (text, kind) => screen(text, { from: partyIds.system, kind }),
      imported: () => heldTexts.announce(),
    }),
  };
}
