/** The runbook as a page, and where in it a step or a procedure begins, so that what can be done stands above it. Pure. */
import { type ProcedureName, procedureNames, runbook, type Step } from '../../server/protocol/runbook.ts';
import type { Translate } from '../text/translate.ts';

export type PagePlace = {
  readonly line: number;
  readonly procedure: ProcedureName /** Null: all of the procedure. */;
  readonly step: number | null;
};
export type RunbookPage = { readonly text: string; readonly places: readonly PagePlace[] };

export function runbookPage(t: Translate): RunbookPage {
  const lines = [`# ${t('Runbook')}`, '', t('Above each step stands what runs it. What is in angle brackets is yours to fill in.'), ''];
  const places: PagePlace[] = [];
  for (const procedure of procedureNames) {
    const { title, when, steps } = runbook[procedure];
    places.push({ line: lines.length, procedure, step: null });
    lines.push(`## ${translated(title, t)}`, '', translated(when, t), '');
    for (const [index, step] of steps.entries()) {
      if (step.phase !== undefined) lines.push(`### ${translated(step.phase, t)}`, '');
      places.push({ line: lines.length, procedure, step: index + 1 });
      lines.push(...stepLines(step, index + 1, t));
    }
  }
  return { text: `${lines.join('\n')}\n`, places };
}

function stepLines({ title, text, lines }: Step, number: number, t: Translate): string[] {
  const commands = lines.length === 0 ? [] : ['   ```sh', ...lines.map((line) => `   ${line}`), '   ```', ''];
  return [`${number}. **${translated(title, t)}**`, '', `   ${translated(text, t)}`, '', ...commands];
}

/** The texts of the runbook are in the bundle by themselves (see `scripts/l10n.ts`). */
export function translated(text: string, t: Translate): string {
  return t(text);
}
