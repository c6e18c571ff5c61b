/** Makes a rule of a question that was shown: for what exactly, and for how long. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Approval } from '../../server/protocol/approval.ts';
import type { RuleEffect } from '../../server/protocol/rule.ts';
import type { Backend } from '../backend/backend.ts';
import { oneLine, pickText } from '../text/visible-text.ts';
import { withoutHarm } from './decision-answers.ts';
import { type Asker, folderOf, questionTarget, type ShownQuestion } from './decision-words.ts';

type Duration = QuickPickItem & { readonly days: number | null };
type Scope = QuickPickItem & { readonly folder: string | undefined };

export type RuleWish = { readonly shown: ShownQuestion; readonly approval: Approval; readonly asker: Asker; readonly effect: RuleEffect };

/** Answers with the sentence why there is no rule; undefined when it was made, or the person changed their mind. */
export async function addRule(backend: Backend, wish: RuleWish): Promise<string | undefined> {
  const scope = await askScope(wish);
  if (!scope) return undefined;
  const { folder } = scope;
  const project = oneLine(wish.asker.project);
  const chosen = await window.showQuickPick(durations(wish.effect), {
    title: titleOf(wish),
    placeHolder:
      folder === undefined
        ? l10n.t('For exactly this, in the project {0}', project)
        : l10n.t('For everything below {0}, in the project {1}', oneLine(folder), project),
    ignoreFocusOut: true,
  });
  if (!chosen) return undefined;
  const { id: approval, hash } = wish.shown;
  const { effect } = wish;
  return withoutHarm(() =>
    backend.call('rule/add', { approval, hash, effect, days: chosen.days, ...(folder === undefined ? {} : { folder }) }),
  );
}

/** Wider than what was asked only where a person says so. */
async function askScope(wish: RuleWish): Promise<Omit<Scope, 'label'> | undefined> {
  const folder = folderOf(wish.approval);
  if (folder === undefined) return { folder };
  const scopes: Scope[] = [
    { folder: undefined, label: `$(file) ${l10n.t('Exactly This File')}`, detail: pickText(questionTarget(wish.approval, l10n.t)) },
    { folder, label: `$(folder) ${l10n.t('Everything below Its Folder')}`, detail: pickText(folder) },
  ];
  return window.showQuickPick(scopes, { title: titleOf(wish), placeHolder: l10n.t('What is the rule about?'), ignoreFocusOut: true });
}

function titleOf({ effect, approval }: RuleWish): string {
  const what = oneLine(approval.request.title);
  return effect === 'always' ? l10n.t('Always Allow: {0}', what) : l10n.t('Never Allow: {0}', what);
}

function durations(effect: RuleEffect): Duration[] {
  const detail =
    effect === 'always'
      ? l10n.t('Allows this question and equal ones at once. "Agor: Permission Rules" lists and removes it.')
      : l10n.t('Denies this question and equal ones at once. "Agor: Permission Rules" lists and removes it.');
  return [
    { days: 1, label: `$(calendar) ${l10n.t('For 1 Day')}`, detail },
    { days: 7, label: `$(calendar) ${l10n.t('For 7 Days')}` },
    { days: 30, label: `$(calendar) ${l10n.t('For 30 Days')}` },
    { days: null, label: `$(pin) ${l10n.t('Until Removed')}` },
  ];
}
