/** The runbook in lines, for a terminal. */
import { type ProcedureName, procedureNames, runbook, type Step } from '../protocol/runbook.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

const width = 100;

export function runbookLines(): string[] {
  const rows = procedureNames.map((name) => [name, `${runbook[name].steps.length}`, runbook[name].title]);
  return [...table(['PROCEDURE', 'STEPS', 'WHAT IT IS'], rows), '', 'Show one with: agor runbook show <procedure>'];
}

export function procedureLines(name: ProcedureName, style: Style): string[] {
  const { title, when, steps } = runbook[name];
  return [style('bold', title), ...wrapped(when, 0), ...steps.flatMap((step, index) => stepLines(step, index + 1, style))];
}

function stepLines({ phase, title, text, lines }: Step, number: number, style: Style): string[] {
  return [
    '',
    ...(phase === undefined ? [] : [style('bold', phase), '']),
    `${String(number).padStart(2)}. ${title}`,
    ...wrapped(text, 4),
    ...lines.map((line) => `      ${style('cyan', line)}`),
  ];
}

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width - indent) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}
