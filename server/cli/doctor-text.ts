/** What the doctor found, for a terminal: what needs a person first, and one line when nothing does. */
import type { BootReport, Examination, Finding, FindingArea, FindingLevel, Fixed } from '../protocol/doctor.ts';
import { buildId } from '../protocol/health.ts';
import { oneLine } from './printable.ts';
import type { Colour, Style } from './style.ts';
import { pad } from './table.ts';
import { durationText } from './time-text.ts';

const marks: Readonly<Record<FindingLevel, { readonly sign: string; readonly colour: Colour }>> = {
  problem: { sign: '✗', colour: 'red' },
  warning: { sign: '!', colour: 'yellow' },
  note: { sign: '·', colour: 'cyan' },
  ok: { sign: '✓', colour: 'green' },
};

export const areaNames: Readonly<Record<FindingArea, string>> = {
  backend: 'Backend',
  data: 'Data',
  files: 'Files',
  disk: 'Disk',
  machine: 'Machine',
  sandbox: 'Sandbox',
  agents: 'Agents',
  secrets: 'Secrets',
};

const mostChars = 1_000;
const indent = ' '.repeat(12);

export function hasProblem({ findings, fixed }: Pick<Examination, 'findings' | 'fixed'>): boolean {
  return findings.some(({ level }) => level === 'problem') || fixed.some(({ error }) => error !== null);
}

/** `all`: also what is as it should be. */
export function examinationLines(examination: Examination, all: boolean, style: Style): string[] {
  const { findings, fixed, dataDir, build, tookMs } = examination;
  const shown = findings.filter(({ level }) => all || level !== 'ok');
  const areas = (Object.keys(areaNames) as FindingArea[]).filter((area) => shown.some((finding) => finding.area === area));
  return [
    ...fixedLines(fixed, style),
    ...areas.flatMap((area) => areaLines(area, shown, style)),
    ...(shown.length > 0 ? [''] : []),
    summary(findings, style),
    style('dim', `${oneLine(dataDir, mostChars)}, build ${buildId(build)}, looked at in ${durationText(tookMs)}`),
  ];
}

export function fixedLines(fixed: readonly Fixed[], style: Style): string[] {
  if (fixed.length === 0) return [];
  const lines = fixed.map(({ what, error }) =>
    error === null
      ? `${style('green', '✓')} ${oneLine(what, mostChars)}`
      : `${style('red', '✗')} ${oneLine(`${what}: ${error}`, mostChars)}`,
  );
  return [style('bold', 'Put right'), ...lines.map((line) => `  ${line}`), ''];
}

function areaLines(area: FindingArea, findings: readonly Finding[], style: Style): string[] {
  const own = findings.filter((finding) => finding.area === area);
  return own.flatMap((finding, index) => findingLines(finding, index === 0 ? areaNames[area] : '', style));
}

function findingLines({ level, what, why, todo }: Finding, heading: string, style: Style): string[] {
  const { sign, colour } = marks[level];
  return [
    `${style('bold', pad(heading, 10))}${style(colour, sign)} ${oneLine(what, mostChars)}`,
    ...(why === null ? [] : [`${indent}${style('dim', oneLine(why, mostChars))}`]),
    ...todo.map((step) =>
      'run' in step ? `${indent}  ${style('cyan', oneLine(step.run, mostChars))}` : `${indent}${oneLine(step.say, mostChars)}`,
    ),
  ];
}

function summary(findings: readonly Finding[], style: Style): string {
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings, notes] = [count('problem'), count('warning'), count('note')];
  const also = notes > 0 ? `; ${counted(notes, 'note')}` : '';
  if (problems > 0) return style('red', `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}${also}.`);
  if (warnings > 0) return style('yellow', `No problems, ${counted(warnings, 'warning')}${also}.`);
  return style('green', `All is fine: ${counted(count('ok'), 'check')}${also}.`);
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

export function bootLines({ isWhole, tookMs, steps, build }: BootReport, style: Style): string[] {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return [
    ...steps.map(({ name, tookMs: stepMs, detail, isOk }) => {
      const { sign, colour } = marks[isOk ? 'ok' : 'problem'];
      return `${style(colour, sign)} ${pad(name, width)}  ${durationText(stepMs).padStart(8)}  ${style(isOk ? 'dim' : 'red', oneLine(detail, mostChars))}`;
    }),
    '',
    isWhole
      ? style('green', `The installation works: a demo agent was started, asked and removed in ${durationText(tookMs)}.`)
      : style('red', 'The installation does not work as a whole: the step that failed is above.'),
    style('dim', `build ${buildId(build)}`),
  ];
}
