/** Rules as a person must see them: all that is compared, character by character. */

import { shortId } from '../protocol/ids.ts';
import type { Rule } from '../protocol/rule.ts';
import type { Names } from './approval-text.ts';
import { exact, exactLine } from './printable.ts';
import type { Style } from './style.ts';
import { agoText } from './time-text.ts';

type View = { readonly names: Names; readonly now: number; readonly style: Style };

const dayMs = 24 * 60 * 60_000;
const effects = { always: 'always allowed', never: 'never allowed' } as const;

export function ruleLines(rule: Rule, { names, now, style }: View): string[] {
  const { id, projectId, effect, createdAt, createdBy, uses, lastUsedAt } = rule;
  const used = uses === 0 ? 'not used yet' : `used ${uses === 1 ? 'once' : `${uses} times`}, last ${agoText(lastUsedAt ?? now, now)}`;
  return [
    `${style('cyan', shortId(id))}  ${effects[effect]} in ${names.get(projectId) ?? shortId(projectId)}, ${untilText(rule, now)}; made ${agoText(createdAt, now)} by ${createdBy}, ${used}:`,
    ...matchLines(rule),
  ];
}

function matchLines({ match }: Rule): string[] {
  const field = (name: string, value: string | null) =>
    value === null || value === ''
      ? []
      : [
          `  ${name.padEnd(8)}${exact(value)
            .split('\n')
            .join(`\n${' '.repeat(10)}`)}`,
        ];
  const tool = field('tool', exactLine(match.toolName));
  if (match.on === 'files') {
    const what = match.path.endsWith('/') ? `every file below ${exactLine(match.path)}` : exactLine(match.path);
    return [...tool, ...field('files', `${what} (${match.toolKind})`)];
  }
  const details = field('with', match.details);
  if (match.on === 'call') return [...tool, ...field('title', match.title), ...field('folder', match.cwd), ...details];
  const program = match.resolved ?? 'whatever a shell makes of it';
  return [...tool, ...field('command', match.command), ...field('file', program), ...field('folder', match.cwd), ...details];
}

function untilText({ expiresAt }: Rule, now: number): string {
  if (expiresAt === null) return 'until it is removed';
  const days = Math.round((expiresAt - now) / dayMs);
  return days < 1 ? 'for less than a day' : days === 1 ? 'for 1 day' : `for ${days} days`;
}
