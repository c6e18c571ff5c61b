/**
 * The runbook as a document, from the steps that the product itself shows.
 *   node scripts/runbook.ts      writes docs/runbook.md
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Procedure, procedureNames, runbook } from '../server/protocol/runbook.ts';
import { root } from './environment.ts';

export const runbookFile = join(root, 'docs', 'runbook.md');

const intro = `# Runbook

Procedures for whoever keeps an installation. In a terminal, \`agor runbook show <procedure>\` prints one; in VS Code, *Agor:
Open Runbook* shows this page with a link at each step that runs it, and *Agor: Run Procedure Step* lists the steps to be
ticked off. Finishing a procedure writes a report into \`reports/\` of the data directory, and a row \`procedure_finished\`
into the audit log.

What is in angle brackets is yours to fill in. Exit codes: 0 fine; 1 refused, or something was found; 2 wrong usage; 3 the
backend cannot be reached. How long logs are kept, and how to let journald and logrotate do it, is in [logs.md](logs.md).
`;

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  mkdirSync(dirname(runbookFile), { recursive: true });
  writeFileSync(runbookFile, runbookMarkdown());
}

export function runbookMarkdown(): string {
  const contents = procedureNames.map((name) => `- [${runbook[name].title}](#${anchor(runbook[name].title)})`);
  return `${[intro, ...contents, ''].join('\n')}\n${procedureNames.map((name) => section(name, runbook[name])).join('\n')}`;
}

function section(name: string, { title, when, steps }: Procedure): string {
  const lines = steps.flatMap((step, index) => [
    ...(step.phase === undefined ? [] : [`### ${step.phase}`, '']),
    `${index + 1}. **${step.title}**${step.command === null ? '' : ` (in VS Code: \`${step.command}\`)`}`,
    '',
    `   ${step.text}`,
    '',
    ...(step.lines.length === 0 ? [] : ['   ```sh', ...step.lines.map((line) => `   ${line}`), '   ```', '']),
  ]);
  return [`## ${title}`, '', when, '', `\`agor runbook show ${name}\``, '', ...lines].join('\n');
}

/** As GitHub and VS Code make them. */
function anchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}
