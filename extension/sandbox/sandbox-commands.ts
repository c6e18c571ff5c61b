/** Commands about what an agent may reach. */
import { commands, l10n, ProgressLocation, type QuickPickItem, window } from 'vscode';
import type { NetworkAccess, SandboxMode } from '../../server/protocol/sandbox.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { messageText, oneLine } from '../text/visible-text.ts';
import { explanationPage } from './sandbox-page.ts';

/** Tries everything out inside the fence, which takes about a second, and shows the result as a page. */
export async function explainSandbox(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Explain the sandbox of which agent?') });
  if (!agent) return;
  const title = l10n.t('Trying the sandbox of {0}', agent.name);
  const explanation = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) =>
    host.backend.call('sandbox/explain', { agent: agent.id }, token),
  );
  const page = host.documents.add(
    l10n.t('Sandbox of {0}.md', agent.name.replaceAll('/', '-')),
    explanationPage(agent.name, explanation, l10n.t),
  );
  await commands.executeCommand('markdown.showPreview', page);
}

type Choice = QuickPickItem & { readonly mode?: SandboxMode | null; readonly network?: NetworkAccess | null };

export async function changeSandbox(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Change the sandbox of which agent?') });
  if (!agent) return;
  const title = l10n.t('Sandbox of {0}', oneLine(agent.name));
  const mode = await window.showQuickPick<Choice>(modes(), { title, placeHolder: l10n.t('Now: {0}', agent.sandboxMode) });
  if (mode?.mode === undefined) return;
  const network = await window.showQuickPick<Choice>(networks(), { title, placeHolder: l10n.t('Now: {0}', agent.network) });
  if (network?.network === undefined) return;
  const changed = await host.backend.call('agent/configure', { agent: agent.id, sandboxMode: mode.mode, network: network.network });
  if (changed.runtime) await offerRestart(host, changed.id, changed.name);
}

function modes(): Choice[] {
  return [
    { label: l10n.t('As in the settings'), description: 'agor.sandbox.mode', mode: null },
    { label: l10n.t('Required'), description: l10n.t('without a full sandbox the agent is not started'), mode: 'required' },
    { label: l10n.t('Preferred'), description: l10n.t('the best this machine can do, with its gaps shown'), mode: 'preferred' },
    { label: l10n.t('Off'), description: l10n.t('the agent can do what you can do'), mode: 'off' },
  ];
}

function networks(): Choice[] {
  return [
    { label: l10n.t('As in the settings'), description: 'agor.sandbox.network', network: null },
    { label: l10n.t('Open'), description: l10n.t('whatever you can reach'), network: 'open' },
    { label: l10n.t('Ports'), description: l10n.t('only to the ports in agor.sandbox.ports'), network: 'ports' },
    { label: l10n.t('None'), description: l10n.t('no network at all; a program that calls its model cannot work'), network: 'none' },
  ];
}

async function offerRestart(host: CommandHost, agent: string, name: string): Promise<void> {
  const restart = l10n.t('Restart Agent');
  const answer = await window.showInformationMessage(
    l10n.t('{0} gets its new sandbox when it is started again.', messageText(name)),
    restart,
  );
  if (answer === restart) await host.backend.call('agent/restart', { agent });
}
