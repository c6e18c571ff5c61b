/** "Answer Approval": what is asked, word for word, and then the answer of a person. */
import { l10n, type QuickPickItem, type Uri, window } from 'vscode';
import type { Decision } from '../server/protocol/agent-event.ts';
import type { Approval } from '../server/protocol/approval.ts';
import { AgorError } from '../server/protocol/errors.ts';
import { approvalText } from './approval-text.ts';
import { type CommandHost, idOf } from './command-host.ts';
import { oneLine, pickText } from './visible-text.ts';
import { timeAgo } from './wording.ts';

/** The quick pick covers the top of the editor, and nothing of what is asked may be under it. */
const linesBehindQuickPick = 8;

export async function answerApproval(host: CommandHost, argument: unknown): Promise<void> {
  await host.fleet.whenLoaded();
  const approval = await chooseApproval(host, idOf(argument, 'agent'));
  if (!approval) return;
  const text = approvalText(agentName(host, approval), approval.request, l10n.t);
  const document = host.documents.add(l10n.t('Approval.txt'), '\n'.repeat(linesBehindQuickPick) + text);
  await window.showTextDocument(document, { preview: true, preserveFocus: true });
  const decision = await askDecision(approval);
  await closeTab(document);
  if (decision) await host.backend.call('approval/answer', { approval: approval.id, decision, hash: approval.hash });
}

/** First in, first out; run on an agent, only its own. */
async function chooseApproval(host: CommandHost, agentId: string | undefined): Promise<Approval | undefined> {
  const open = host.fleet.state.approvals.filter((approval) => !agentId || approval.agentId === agentId);
  const [only] = open;
  if (!only) throw new AgorError('notFound', l10n.t('No agent waits for an approval.'));
  if (open.length === 1) return only;
  const items = open.map((approval) => ({
    approval,
    label: pickText(approval.request.title),
    description: [pickText(agentName(host, approval)), timeAgo(approval.askedAt, Date.now(), l10n.t)].join(' · '),
    detail: pickText(approval.request.command ?? ''),
  }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which question do you answer?'), matchOnDetail: true }))?.approval;
}

async function askDecision({ request }: Approval): Promise<Decision | undefined> {
  const items: (QuickPickItem & { decision: Decision })[] = [
    // The first one is taken by an Enter that was meant for something else.
    { decision: 'deny', label: `$(close) ${l10n.t('Deny')}` },
    { decision: 'allowOnce', label: `$(check) ${l10n.t('Allow Once')}` },
    {
      decision: 'allowSession',
      label: `$(check-all) ${l10n.t('Allow for This Session')}`,
      detail: l10n.t('The agent does not ask again for this kind of action until the session ends.'),
    },
  ];
  const offered = items.filter(({ decision }) => request.decisions.includes(decision));
  const picked = await window.showQuickPick(offered, {
    title: oneLine(request.title),
    placeHolder: oneLine(request.command ?? request.toolName),
    ignoreFocusOut: true,
  });
  return picked?.decision;
}

async function closeTab(document: Uri): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const tab = tabs.find(
    ({ input }) => typeof input === 'object' && input !== null && 'uri' in input && String(input.uri) === document.toString(),
  );
  if (tab) await window.tabGroups.close(tab);
}

function agentName(host: CommandHost, approval: Approval): string {
  return host.fleet.agent(approval.agentId)?.name ?? l10n.t('An agent');
}
