/** The command line as a whole: every command, from one table, under one set of rules. */
import type { Command } from 'commander';
import { addGlobalOptions } from './command-group.ts';
import { addAgentCommands } from './commands/agent.ts';
import { addApprovalCommands } from './commands/approval.ts';
import { addAuditCommands } from './commands/audit.ts';
import { addBackendCommands } from './commands/backend.ts';
import { addBackupCommands } from './commands/backup.ts';
import { addBudgetCommands } from './commands/budget.ts';
import { addCapabilityCommands } from './commands/capability.ts';
import { addCatalogueCommand } from './commands/catalogue.ts';
import { addConfigCommands } from './commands/config.ts';
import { addDeadLetterCommands } from './commands/dead-letter.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addGroupCommands } from './commands/group.ts';
import { addHealthCommand } from './commands/health.ts';
import { addHeldCommands } from './commands/held.ts';
import { addImportCommand } from './commands/import.ts';
import { addIncidentCommands } from './commands/incident.ts';
import { addLogLevelCommand } from './commands/log-level.ts';
import { addMcpCommand } from './commands/mcp.ts';
import { addMetricsCommand } from './commands/metrics.ts';
import { addNoticeCommands } from './commands/notices.ts';
import { addOutboxCommands } from './commands/outbox.ts';
import { addPriceCommands } from './commands/prices.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRecoverCommand } from './commands/recover.ts';
import { addRetentionCommands } from './commands/retention.ts';
import { addRuleCommands } from './commands/rules.ts';
import { addRunbookCommands } from './commands/runbook.ts';
import { addSandboxCommands } from './commands/sandbox.ts';
import { addSearchCommand } from './commands/search.ts';
import { addSecretCommands } from './commands/secret.ts';
import { addServeCommand } from './commands/serve.ts';
import { addServiceCommands } from './commands/service.ts';
import { addSessionCommands } from './commands/session.ts';
import { addTeamCommands } from './commands/team.ts';
import { addUpgradeCommands } from './commands/upgrade.ts';
import { addWakeCommands } from './commands/wake.ts';
import { addWorktreeCommands } from './commands/worktree.ts';
import { newProgram } from './new-program.ts';

const commandModules = [
  addProjectCommands,
  addAgentCommands,
  addCatalogueCommand,
  addTeamCommands,
  addGroupCommands,
  addPriceCommands,
  addBudgetCommands,
  addSessionCommands,
  addWorktreeCommands,
  addSearchCommand,
  addApprovalCommands,
  addRuleCommands,
  addSecretCommands,
  addHeldCommands,
  addWakeCommands,
  addOutboxCommands,
  addDeadLetterCommands,
  addNoticeCommands,
  addAuditCommands,
  addCapabilityCommands,
  addIncidentCommands,
  addSandboxCommands,
  addConfigCommands,
  addHealthCommand,
  addMetricsCommand,
  addRetentionCommands,
  addLogLevelCommand,
  addMcpCommand,
  addBackendCommands,
  addBackupCommands,
  addServeCommand,
  addUpgradeCommands,
  addServiceCommands,
  addDoctorCommand,
  addRecoverCommand,
  addRunbookCommands,
  addImportCommand,
];

const help = `
First steps, in the folder of a project:
  agor project add .
  agor agent add demo --provider demo
  agor agent prompt demo "hello" --wait

Things are named by their name, or by the id shown in lists; any unique beginning or end of an id will do. The backend
is started when it is needed, and serves all windows and commands that use the same data directory.

Exit codes: 0 done; 1 refused or failed, with the reason; 2 wrong usage; 3 the backend cannot be reached.`;

export function makeProgram(): Command {
  const program = newProgram('agor', { description: 'Run coding agents on your projects, and stay in control.', help });
  for (const add of commandModules) add(program);
  addGlobalOptions(program);
  return program;
}
