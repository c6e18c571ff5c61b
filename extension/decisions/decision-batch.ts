/** One answer to several questions of one kind: which of them, and then what. Each is answered on the hash of what was shown. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Decision } from '../../server/protocol/agent-event.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Result } from '../../server/protocol/requests.ts';
import type { Backend } from '../backend/backend.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import { withoutHarm } from './decision-answers.ts';
import { type Asker, questionTarget } from './decision-words.ts';

export type Batch = { readonly approvals: readonly Approval[]; readonly askerOf: (approval: Approval) => Asker };

/** Answers with what was not answered, in a sentence; undefined when all was, or the person changed their mind. */
export async function answerBatch(backend: Backend, batch: Batch): Promise<string | undefined> {
  const title = titleOf(batch);
  const picked = await window.showQuickPick(
    batch.approvals.map((approval) => itemOf(approval, batch.askerOf(approval))),
    {
      canPickMany: true,
      title,
      placeHolder: l10n.t('Space takes one out or in, Enter goes on to the answer'),
      matchOnDescription: true,
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  if (!picked || picked.length === 0) return undefined;
  const chosen = picked.map(({ approval }) => approval);
  const answer = await window.showQuickPick(answersFor(chosen), { title, ignoreFocusOut: true });
  if (!answer) return undefined;
  const answers = chosen.map(({ id, hash }) => ({ approval: id, hash }));
  let result: Result<'approval/answerAll'> | undefined;
  const refusal = await withoutHarm(async () => {
    result = await backend.call('approval/answerAll', { answers, decision: answer.decision });
  });
  return refusal ?? (result && notAnswered(result));
}

function titleOf({ approvals: [first, ...others] }: Batch): string {
  return l10n.t('{0} Questions of One Kind: {1}', others.length + 1, oneLine(first?.kindLabel ?? ''));
}

function itemOf(approval: Approval, { agent }: Asker): QuickPickItem & { readonly approval: Approval } {
  return {
    approval,
    label: pickText(approval.request.title),
    description: [pickText(agent), timeAgo(approval.askedAt, Date.now(), l10n.t)].join(' · '),
    detail: pickText(questionTarget(approval, l10n.t)),
    picked: true,
  };
}

/** The first one is taken by an Enter that was meant for something else. */
function answersFor(chosen: readonly Approval[]): (QuickPickItem & { readonly decision: Decision })[] {
  const count = chosen.length;
  const all: { decision: Decision; label: string }[] = [
    { decision: 'deny', label: `$(close) ${l10n.t('Deny These {0}', count)}` },
    { decision: 'allowOnce', label: `$(check) ${l10n.t('Allow These {0} Once', count)}` },
    { decision: 'allowSession', label: `$(check-all) ${l10n.t('Allow These {0} for Their Sessions', count)}` },
  ];
  return all.filter(({ decision }) => chosen.every(({ request }) => request.decisions.includes(decision)));
}

function notAnswered({ answered, refused }: Result<'approval/answerAll'>): string | undefined {
  const [first] = refused;
  if (!first) return undefined;
  return l10n.t('{0} answered, {1} not: {2}', answered.length, refused.length, first.sentence);
}
