/** "Set Permission Mode": who answers the questions of an agent. */
import { l10n, window } from 'vscode';
import { type Agent, AgentMode } from '../../server/protocol/agent.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { oneLine } from '../text/visible-text.ts';
import { autonomyDetail, modeWords } from './mode-wording.ts';

export async function setPermissionMode(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('The permission mode of which agent?') });
  const mode = agent && (await askMode(agent));
  if (!agent || !mode || mode === agent.mode) return;
  if (mode === 'autonomous' && !(await isAgreed(agent))) return;
  await host.backend.call('agent/setMode', { agent: agent.id, mode });
}

async function askMode(agent: Agent): Promise<AgentMode | undefined> {
  const items = AgentMode.options.map((mode) => {
    const { label, icon, detail } = modeWords(mode, l10n.t);
    return { mode, label: `$(${icon}) ${label}`, detail, description: mode === agent.mode ? l10n.t('now') : '' };
  });
  const title = l10n.t('Permission Mode of {0}', oneLine(agent.name));
  return (await window.showQuickPick(items, { title, placeHolder: l10n.t('Who answers its questions?') }))?.mode;
}

async function isAgreed(agent: Agent): Promise<boolean> {
  const agree = l10n.t('Make It Autonomous');
  const question = l10n.t('Let {0} act without asking?', oneLine(agent.name));
  return (await window.showWarningMessage(question, { modal: true, detail: autonomyDetail(agent, l10n.t) }, agree)) === agree;
}
