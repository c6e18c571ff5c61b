/** Puts together what finds out how agents are fenced in without starting them. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/uuid.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { SandboxExplanation } from '../protocol/sandbox.ts';
import type { AgentRecord } from './agent-store.ts';
import { MachineFence } from './machine-fence.ts';
import { newAgent } from './new-agent.ts';
import { agentFolders, makeAgentFolders } from './run-files.ts';
import { newRecord, type RunStarter } from './start-run.ts';
import { SandboxTrials } from './supervisor-trial.ts';

export type FenceTrialsSetup = {
  readonly starter: RunStarter;
  /** The program that tries a fence out. */
  readonly program: string;
  /** A folder for records, of its own. */
  readonly dir: string;
  readonly getAgent: (id: AgentId) => AgentRecord;
  /** Throws when nothing may be started there. */
  readonly startableProject: (id: ProjectId) => Project;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export function composeFenceTrials({ starter, program, dir, getAgent, startableProject, clock, log }: FenceTrialsSetup) {
  const trials = new SandboxTrials({ program, dir });
  const name = createHash('sha256').update(starter.dataDir).digest('hex').slice(0, 16);
  const machine = new MachineFence({
    try: trials.try.bind(trials),
    recordIn: (folder) => recordOfNobody(starter, folder),
    // Outside of the data directory, which no program may see.
    scratch: join(tmpdir(), `agor-fence-${name}-`),
    clock,
    log,
  });
  return {
    machine,
    /** As the agent would be started now. Takes about a second. */
    explain(id: AgentId): Promise<SandboxExplanation> {
      const agent = getAgent(id);
      const project = startableProject(agent.projectId);
      makeAgentFolders(agentFolders(starter.agentsDir, id));
      return trials.try(newRecord(starter, agent, project, 0));
    },
    close(): Promise<void> {
      machine.close();
      return trials.close();
    },
  };
}

function recordOfNobody(starter: RunStarter, scratch: string) {
  const place = { id: newId<AgentId>(), projectId: newId<ProjectId>(), createdAt: starter.now() };
  const agent = newAgent({ project: 'none', name: 'trial', provider: 'demo' }, place);
  const path = join(scratch, 'project');
  const project: Project = { id: place.projectId, name: 'none', path, trusted: true, createdAt: place.createdAt };
  const folders = { agentDir: join(scratch, 'agent'), privateDir: join(scratch, 'private') };
  return { ...newRecord(starter, agent, project, 0), ...folders };
}
