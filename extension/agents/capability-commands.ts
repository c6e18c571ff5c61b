/** The command that takes from an agent what it may ask for, and gives it back. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Capability, HeldCapability } from '../../server/protocol/capability.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import { capabilityChanges, capabilityWords, revokedText } from './capability-wording.ts';

type Item = QuickPickItem & { readonly capability: Capability };

/** Only what its role has is offered: nothing else could be granted. */
export async function changeCapabilities(host: CommandHost, argument: unknown): Promise<void> {
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Capabilities of which agent?') });
  if (!agent) return;
  const { capabilities } = await host.backend.call('capability/list', { agent: agent.id });
  const offered = capabilities.filter(({ state }) => state !== 'notInRole');
  const picked = await window.showQuickPick(offered.map(itemOf), {
    canPickMany: true,
    title: l10n.t('What {0} may do', oneLine(agent.name)),
    placeHolder: l10n.t('Without its mark, it is refused from the next action of the agent on'),
    matchOnDetail: true,
  });
  if (!picked) return;
  await apply(host, agent, capabilityChanges(offered, new Set(picked.map(({ capability }) => capability))));
}

function itemOf(held: HeldCapability): Item {
  const { capability, state } = held;
  const description = pickText(revokedText(held, l10n.t, (at) => timeAgo(at, Date.now(), l10n.t)));
  return { capability, ...capabilityWords(capability, l10n.t), description, picked: state === 'granted' };
}

async function apply(
  { backend }: CommandHost,
  { id, name }: Agent,
  { revoke, grant }: ReturnType<typeof capabilityChanges>,
): Promise<void> {
  if (revoke.length === 0 && grant.length === 0) return;
  const reason = await window.showInputBox({
    title: l10n.t('What {0} may do', oneLine(name)),
    prompt: changeText(revoke.length, grant.length),
    placeHolder: l10n.t('Why, for the audit log; may be empty'),
  });
  if (reason === undefined) return;
  if (revoke.length > 0) await backend.call('capability/revoke', { agent: id, capabilities: revoke, reason });
  if (grant.length > 0) await backend.call('capability/grant', { agent: id, capabilities: grant, reason });
}

function changeText(revoked: number, granted: number): string {
  return l10n.t('Revoked: {0}. Granted again: {1}.', revoked, granted);
}
