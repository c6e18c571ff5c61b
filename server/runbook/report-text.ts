/** The report of a finished procedure, as Markdown. Pure. */
import type { AuditRecord } from '../protocol/audit.ts';
import { type BuildInfo, buildId } from '../protocol/health.ts';
import { type ProcedureName, runbook } from '../protocol/runbook.ts';

export type ReportFacts = {
  readonly procedure: ProcedureName;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** When each step was done, by its number. */
  readonly done: ReadonlyMap<number, number>;
  readonly note: string;
  readonly actor: string;
  readonly build: BuildInfo;
  readonly alerts: readonly AuditRecord[];
};

const detailChars = 300;

export function reportText(facts: ReportFacts): string {
  const { title, steps } = runbook[facts.procedure];
  const lines = [
    `# ${title}`,
    '',
    `- Began: ${timeText(facts.startedAt)}`,
    `- Finished: ${timeText(facts.finishedAt)}, by ${facts.actor}`,
    `- Build: ${buildId(facts.build)}`,
    `- Steps done: ${facts.done.size} of ${steps.length}`,
    '',
    '## Steps',
    '',
    ...steps.map((step, index) => stepLine(index + 1, step.title, facts.done.get(index + 1))),
    ...(facts.note === '' ? [] : ['', '## Note', '', ...quoted(facts.note)]),
    '',
    '## Alerts of that time',
    '',
    ...alertLines(facts.alerts),
  ];
  return `${lines.join('\n')}\n`;
}

function stepLine(number: number, title: string, doneAt: number | undefined): string {
  return `- [${doneAt === undefined ? ' ' : 'x'}] ${number}. ${title}${doneAt === undefined ? '' : ` (${timeText(doneAt)})`}`;
}

function alertLines(alerts: readonly AuditRecord[]): string[] {
  if (alerts.length === 0) return ['There were none.'];
  return alerts.map(
    ({ seq, at, event, detail }) => `- ${timeText(at)}, row ${seq}: ${event}\n${indented(JSON.stringify(detail).slice(0, detailChars))}`,
  );
}

/** What agents wrote is in it: as code it is neither a link nor a picture. */
function indented(text: string): string {
  return `\n      ${text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')}`;
}

function quoted(note: string): string[] {
  return note.split('\n').map((line) => `> ${line}`);
}

/** A time that is none stays a number. */
function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
