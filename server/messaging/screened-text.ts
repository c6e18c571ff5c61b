/** What the screening says of a whole message: its text, and the files that are text. */
import { partyIds } from '../protocol/message.ts';
import type { Screening, Verdict } from '../protocol/screening.ts';
import { textOf } from './attached-files.ts';
import type { Screen } from './deps.ts';
import type { Draft } from './draft.ts';

const order: readonly Verdict[] = ['deliver', 'flag', 'hold'];
const maxFindings = 50;

/** The person's words are never held back, and those of the backend itself not looked at. */
export function screened({ by: { party: from }, text, files }: Pick<Draft, 'by' | 'text' | 'files'>, screen: Screen): Screening {
  if (from === partyIds.system) return { verdict: 'deliver', findings: [] };
  const parts = [{ name: '', text }, ...files.map((file) => ({ name: file.name, text: `${file.name}\n${textOf(file) ?? ''}` }))];
  const results = parts.map((part) => ({ ...screen(part.text, { from, kind: 'message' }), name: part.name }));
  const worst = Math.max(...results.map(({ verdict }) => order.indexOf(verdict)));
  const verdict = order[from === partyIds.person ? Math.min(worst, 1) : worst] ?? 'flag';
  const findings = results.flatMap(({ findings, name }) =>
    findings.map((finding) => (name === '' ? finding : { ...finding, excerpt: `${name}: ${finding.excerpt}` })),
  );
  return { verdict, findings: findings.slice(0, maxFindings) };
}
