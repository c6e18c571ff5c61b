/** Command id → function, in one table that the compiler keeps complete. */

import { commands, type Disposable } from 'vscode';
import { addAgent } from './agents/add-agent.ts';
import {
  copyId,
  interruptAgent,
  openChat,
  pauseAgent,
  removeAgent,
  restartAgent,
  resumeAgent,
  startAgent,
  stopAgent,
} from './agents/agent-commands.ts';
import { followAgentLog, openAgentTerminal, recoverData } from './agents/agent-terminals.ts';
import { raiseBudget, showBudgets } from './agents/budget-commands.ts';
import { changeCapabilities } from './agents/capability-commands.ts';
import { setPermissionMode } from './agents/mode-commands.ts';
import { newSession, resumeSession } from './agents/session-commands.ts';
import { showConflicts } from './attention/conflict-commands.ts';
import { showNeedActions, showNeeds } from './attention/needs-commands.ts';
import { showAbout } from './backend/about-command.ts';
import { restartBackend, showHealth, showLog } from './backend/backend-commands.ts';
import type { CommandFunction, CommandHost } from './command-host.ts';
import { type CommandId, commandIds } from './command-ids.ts';
import {
  allowDecision,
  allowDecisionForSession,
  alwaysAllow,
  answerAllOfKind,
  answerApproval,
  denyDecision,
  neverAllow,
  showDecision,
} from './decisions/approval-commands.ts';
import { showRules } from './decisions/rule-commands.ts';
import { openGroupsFile } from './fleet/groups-file.ts';
import { addProject, addWorkspaceFolder, removeProject, trustProject } from './fleet/project-commands.ts';
import {
  discardDeadLetter,
  discardHeld,
  openComms,
  redeliverDeadLetter,
  releaseHeld,
  wakeAgent,
  writeMessage,
} from './messages/message-commands.ts';
import { showRefusedEvents } from './messages/outbox-commands.ts';
import { addTask, openBoard } from './messages/task-commands.ts';
import { openNoticeById, showNotices, toggleDoNotDisturb } from './notices/notice-commands.ts';
import { beginIncident, endIncident } from './sandbox/incident-commands.ts';
import { changeSandbox, explainSandbox } from './sandbox/sandbox-commands.ts';
import { search, showHitBehind } from './search/search-command.ts';
import { changeCredentials } from './secrets/ask-credentials.ts';
import { rotateSecret } from './secrets/rotate-secret.ts';
import { deleteSecret, listSecrets, setSecret } from './secrets/secret-commands.ts';
import { openAuditLog } from './upkeep/audit-commands.ts';
import { backUpNow, drillBackup, restoreBackup } from './upkeep/backup-commands.ts';
import { runDoctor, verifyInstallation } from './upkeep/doctor-commands.ts';
import { openMetrics } from './upkeep/metrics-commands.ts';
import { reviewRetention } from './upkeep/retention-commands.ts';
import { finishProcedure, openRunbook, runProcedureStep } from './upkeep/runbook-commands.ts';
import {
  createWorktree,
  diffWorktree,
  mergeWorktree,
  removeWorktree,
  restoreWorktree,
  showWorktrees,
} from './worktrees/worktree-commands.ts';

const table: Record<CommandId, CommandFunction> = {
  'agor.search': search,
  'agor.showHitBehind': showHitBehind,
  'agor.openChat': openChat,
  'agor.addProject': addProject,
  'agor.addWorkspaceFolder': addWorkspaceFolder,
  'agor.removeProject': removeProject,
  'agor.trustProject': trustProject,
  'agor.addAgent': addAgent,
  'agor.removeAgent': removeAgent,
  'agor.startAgent': startAgent,
  'agor.stopAgent': stopAgent,
  'agor.interruptAgent': interruptAgent,
  'agor.restartAgent': restartAgent,
  'agor.pauseAgent': pauseAgent,
  'agor.resumeAgent': resumeAgent,
  'agor.newSession': newSession,
  'agor.resumeSession': resumeSession,
  'agor.answerApproval': answerApproval,
  'agor.showDecision': showDecision,
  'agor.allowDecision': allowDecision,
  'agor.allowDecisionForSession': allowDecisionForSession,
  'agor.denyDecision': denyDecision,
  'agor.alwaysAllow': alwaysAllow,
  'agor.neverAllow': neverAllow,
  'agor.answerAllOfKind': answerAllOfKind,
  'agor.showRules': showRules,
  'agor.setPermissionMode': setPermissionMode,
  'agor.changeCredentials': changeCredentials,
  'agor.setSecret': setSecret,
  'agor.rotateSecret': rotateSecret,
  'agor.deleteSecret': deleteSecret,
  'agor.listSecrets': listSecrets,
  'agor.explainSandbox': explainSandbox,
  'agor.changeSandbox': changeSandbox,
  'agor.changeCapabilities': changeCapabilities,
  'agor.raiseBudget': raiseBudget,
  'agor.showBudgets': showBudgets,
  'agor.beginIncident': beginIncident,
  'agor.endIncident': endIncident,
  'agor.openAgentTerminal': openAgentTerminal,
  'agor.followAgentLog': followAgentLog,
  'agor.showRefusedEvents': showRefusedEvents,
  'agor.recoverData': recoverData,
  'agor.backUpNow': backUpNow,
  'agor.restoreBackup': restoreBackup,
  'agor.drillBackup': drillBackup,
  'agor.runDoctor': runDoctor,
  'agor.verifyInstallation': verifyInstallation,
  'agor.openRunbook': openRunbook,
  'agor.runProcedureStep': runProcedureStep,
  'agor.finishProcedure': finishProcedure,
  'agor.openGroupsFile': openGroupsFile,
  'agor.openBoard': openBoard,
  'agor.openMetrics': openMetrics,
  'agor.reviewRetention': reviewRetention,
  'agor.addTask': addTask,
  'agor.openAuditLog': openAuditLog,
  'agor.openComms': openComms,
  'agor.writeMessage': writeMessage,
  'agor.wakeAgent': wakeAgent,
  'agor.releaseHeld': releaseHeld,
  'agor.discardHeld': discardHeld,
  'agor.redeliverDeadLetter': redeliverDeadLetter,
  'agor.discardDeadLetter': discardDeadLetter,
  'agor.createWorktree': createWorktree,
  'agor.showWorktrees': showWorktrees,
  'agor.diffWorktree': diffWorktree,
  'agor.mergeWorktree': mergeWorktree,
  'agor.removeWorktree': removeWorktree,
  'agor.restoreWorktree': restoreWorktree,
  'agor.showNotices': showNotices,
  'agor.openNotice': openNoticeById,
  'agor.toggleDoNotDisturb': toggleDoNotDisturb,
  'agor.showNeeds': showNeeds,
  'agor.showNeedActions': showNeedActions,
  'agor.showConflicts': showConflicts,
  'agor.showHealth': showHealth,
  'agor.showAbout': showAbout,
  'agor.restartBackend': restartBackend,
  'agor.showLog': showLog,
  'agor.copyId': copyId,
};

export function registerCommands(host: CommandHost): Disposable[] {
  return commandIds.map((id) => commands.registerCommand(id, (argument: unknown) => run(host, id, argument)));
}

/**
 * Every command exists whatever the backend does; when it is down the person gets one message with what helps. It is not
 * waited for, or the command would last as long as the message is on the screen.
 */
async function run(host: CommandHost, id: CommandId, argument: unknown): Promise<void> {
  try {
    await table[id](host, argument);
  } catch (error) {
    void host.failures.show(error);
  }
}
