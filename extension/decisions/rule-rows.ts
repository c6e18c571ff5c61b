/** What "Permission Rules" shows: by project, what each rule answers, how often it did, and until when. Pure. */
import type { Rule } from '../../server/protocol/rule.ts';
import type { FleetState } from '../fleet/fleet-model.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';

export type RuleRow =
  | { readonly kind: 'separator'; readonly label: string }
  | { readonly kind: 'note'; readonly label: string; readonly detail: string }
  | { readonly kind: 'rule'; readonly rule: Rule; readonly label: string; readonly detail: string };

export function ruleRows(rules: readonly Rule[], { projects }: Pick<FleetState, 'projects'>, nowMs: number, t: Translate): RuleRow[] {
  if (rules.length === 0) {
    const detail = t('One is made with "Always Allow…" or "Never Allow…" on a question of an agent.');
    return [{ kind: 'note', label: `$(law) ${t('There is no rule.')}`, detail }];
  }
  const nameOf = (projectId: string) => projects.find(({ id }) => id === projectId)?.name ?? t('A project that is gone');
  const names = [...new Set(rules.map(({ projectId }) => projectId))].map((id) => ({ id, name: nameOf(id) }));
  return names
    .sort((a, b) => a.name.localeCompare(b.name))
    .flatMap(({ id, name }) => [
      { kind: 'separator', label: pickText(name) } as const,
      ...rules.filter(({ projectId }) => projectId === id).map((rule) => ruleRow(rule, nowMs, t)),
    ]);
}

/** All that is compared: a rule answers nothing that its text does not say. */
export function matchText({ match }: Rule, t: Translate): string {
  if (match.on === 'files') return match.path.endsWith('/') ? t('every file below {0}', match.path) : match.path;
  const folder = match.cwd === null ? '' : t('in {0}', match.cwd);
  const parts = match.on === 'command' ? [match.command, folder, match.resolved ?? ''] : [match.title, folder];
  return [...parts, match.details].filter(Boolean).join(' · ');
}

function ruleRow(rule: Rule, nowMs: number, t: Translate): RuleRow {
  const isAlways = rule.effect === 'always';
  const word = isAlways ? t('Always') : t('Never');
  return {
    kind: 'rule',
    rule,
    label: `$(${isAlways ? 'verified' : 'circle-slash'}) ${t('{0}: {1}', word, pickText(matchText(rule, t)))}`,
    detail: pickText([endText(rule, nowMs, t), usesText(rule, nowMs, t), rule.match.toolName].join(' · ')),
  };
}

function usesText({ uses, lastUsedAt }: Rule, nowMs: number, t: Translate): string {
  if (uses === 0 || lastUsedAt === null) return t('not used yet');
  const often = uses === 1 ? t('used once') : t('used {0} times', uses);
  return t('{0}, last {1}', often, timeAgo(lastUsedAt, nowMs, t));
}

const dayMs = 86_400_000;

function endText({ expiresAt }: Rule, nowMs: number, t: Translate): string {
  if (expiresAt === null) return t('until removed');
  const days = Math.ceil(Math.max(0, expiresAt - nowMs) / dayMs);
  return days <= 1 ? t('less than a day left') : t('{0} days left', days);
}
