/** Terminals that concern an agent: one in its folder, and one that shows its log. */
import { l10n, window } from 'vscode';
import type { Agent } from '../server/protocol/agent.ts';
import type { CommandHost } from './command-host.ts';
import { chooseAgent } from './picks.ts';

/** No agent has a terminal of its own to attach to, so this is one for the person, and says so. */
export async function openAgentTerminal(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('A terminal in the folder of which agent?') });
  const project = agent && host.fleet.project(agent.projectId);
  if (!agent || !project) return;
  const message = l10n.t(
    'A terminal of yours in the folder of {0}: agents have none of their own to attach to. The command agor is on the PATH; nothing here is sandboxed.',
    agent.name,
  );
  window.createTerminal({ name: l10n.t('Agor: {0}', agent.name), cwd: project.path, message }).show();
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
