/** Terminals that concern an agent: one that is attached to it, and one that shows its log. */
import { l10n, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { oneLine } from '../text/visible-text.ts';

/** Any number may be attached to an agent; closing one stops nothing. Its folder is the one that the agent works in. */
export async function openAgentTerminal(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('A terminal with which agent?') });
  const project = agent && host.fleet.project(agent.projectId);
  if (!agent || !project) return;
  const message = l10n.t('A terminal of yours with {0}: what you run here yourself is not sandboxed.', oneLine(agent.name));
  const terminal = window.createTerminal({ name: l10n.t('Agor: {0}', oneLine(agent.name)), cwd: project.path, message });
  terminal.show();
  terminal.sendText(`agor agent attach ${idOf(agent)}`);
}

export async function followAgentLog(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('The log of which agent?') });
  if (!agent) return;
  const terminal = window.createTerminal({ name: l10n.t('Agor log: {0}', agent.name) });
  terminal.show();
  terminal.sendText(`agor agent logs -f ${idOf(agent)}`);
}

/** What is wrong with a database, and what can be done: the command shows it and changes nothing by itself. */
export function recoverData(): void {
  const terminal = window.createTerminal({ name: l10n.t('Agor: Recover') });
  terminal.show();
  terminal.sendText('agor recover');
}

/** A name may hold anything; an id needs no quoting in any shell. */
function idOf({ id }: Agent): string {
  return id;
}
