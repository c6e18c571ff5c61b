/**
 * Every verb that changes something, by name. A feature that brings one adds its line here, and every fault tries it;
 * `agent/pause` stands for `agent/resume` too. What runs a program has a row of its own.
 */
import type { Verb } from './verb.ts';
import { agentAdd, agentConfigure, agentPause, agentRemove } from './verbs/agents.ts';
import { budgetSet } from './verbs/budgets.ts';
import { capabilityGrant, capabilityRevoke } from './verbs/capabilities.ts';
import { agentSetMode, answerAll, ruleAdd, ruleRemove } from './verbs/decisions.ts';
import { approvalAnswer, runAppend } from './verbs/events.ts';
import { importRun } from './verbs/imports.ts';
import {
  channelAdd,
  channelCreate,
  deadLetterDiscard,
  deadLetterRedeliver,
  messageAllow,
  messageRead,
  messageRegister,
  messageReply,
  messageSend,
  screeningDiscard,
  screeningRelease,
} from './verbs/messages.ts';
import { noticeClear, noticeMarkRead } from './verbs/notices.ts';
import { projectAdd, projectRemove, projectTrust } from './verbs/projects.ts';
import { agentInterrupt, agentPrompt } from './verbs/prompts.ts';
import { secretRecord } from './verbs/secrets.ts';
import { sessionCreate, sessionResume } from './verbs/sessions.ts';
import { settingsPut } from './verbs/settings.ts';
import { taskAdd, taskAssign, taskComment, taskEdit, taskMove, taskRemove } from './verbs/tasks.ts';
import { groupApply, teamConfigure } from './verbs/teams.ts';
import { runbookFinish } from './verbs/upkeep.ts';
import { viewPut } from './verbs/views.ts';
import { wakeNow } from './verbs/wakes.ts';

export const verbs: ReadonlyMap<string, Verb> = new Map([
  ['project/add', projectAdd],
  ['project/trust', projectTrust],
  ['project/remove', projectRemove],
  ['agent/add', agentAdd],
  ['agent/remove', agentRemove],
  ['agent/configure', agentConfigure],
  ['agent/pause', agentPause],
  ['agent/prompt', agentPrompt],
  ['agent/interrupt', agentInterrupt],
  ['session/create', sessionCreate],
  ['session/resume', sessionResume],
  ['secret/record', secretRecord],
  ['settings/put', settingsPut],
  ['team/configure', teamConfigure],
  ['group/apply', groupApply],
  ['view/put', viewPut],
  ['wake/now', wakeNow],
  ['import/run', importRun],
  ['runbook/finish', runbookFinish],
  ['run/append', runAppend],
  ['approval/answer', approvalAnswer],
  ['approval/answerAll', answerAll],
  ['rule/add', ruleAdd],
  ['rule/remove', ruleRemove],
  ['agent/setMode', agentSetMode],
  ['capability/revoke', capabilityRevoke],
  ['capability/grant', capabilityGrant],
  ['budget/set', budgetSet],
  ['notice/markRead', noticeMarkRead],
  ['notice/clear', noticeClear],
  ['message/send', messageSend],
  ['message/reply', messageReply],
  ['message/read', messageRead],
  ['message/allow', messageAllow],
  ['message/register', messageRegister],
  ['channel/create', channelCreate],
  ['channel/add', channelAdd],
  ['deadLetter/redeliver', deadLetterRedeliver],
  ['deadLetter/discard', deadLetterDiscard],
  ['screening/release', screeningRelease],
  ['screening/discard', screeningDiscard],
  ['task/add', taskAdd],
  ['task/edit', taskEdit],
  ['task/assign', taskAssign],
  ['task/move', taskMove],
  ['task/comment', taskComment],
  ['task/remove', taskRemove],
]);
