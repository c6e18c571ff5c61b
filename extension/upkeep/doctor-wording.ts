/** What the doctor found, in the words and signs of the editor. Pure. */
import type { BootReport, Examination, Finding, FindingArea, FindingLevel } from '../../server/protocol/doctor.ts';
import { buildId } from '../../server/protocol/health.ts';
import type { CommandId } from '../command-ids.ts';
import type { Translate } from '../text/translate.ts';
import { oneLine } from '../text/visible-text.ts';

export const levelIcons: Readonly<Record<FindingLevel, string>> = { problem: 'error', warning: 'warning', note: 'info', ok: 'pass' };

export function areaText(area: FindingArea, t: Translate): string {
  const texts: Readonly<Record<FindingArea, string>> = {
    backend: t('Backend'),
    data: t('Data'),
    files: t('Files'),
    disk: t('Disk'),
    machine: t('Machine'),
    sandbox: t('Sandbox'),
    agents: t('Agents'),
    secrets: t('Secrets'),
  };
  return texts[area];
}

export function summaryText({ findings }: Pick<Examination, 'findings'>, t: Translate): string {
  const count = (level: FindingLevel) => findings.filter((finding) => finding.level === level).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return t('All is fine: {0} checks.', count('ok'));
  return t('Problems: {0}. Warnings: {1}.', problems, warnings);
}

/** The editor's own command for a command line, where there is one. */
export function commandFor(line: string): CommandId | undefined {
  const known: readonly (readonly [RegExp, CommandId])[] = [
    [/^agor doctor --boot$/, 'agor.verifyInstallation'],
    [/^agor doctor$/, 'agor.runDoctor'],
    [/^agor recover$/, 'agor.recoverData'],
    [/^agor health$/, 'agor.showHealth'],
    [/^agor metrics/, 'agor.openMetrics'],
    [/^agor audit verify$/, 'agor.openAuditLog'],
    [/^agor secret list$/, 'agor.listSecrets'],
    [/^agor worktree list$/, 'agor.showWorktrees'],
    [/^agor runbook show/, 'agor.openRunbook'],
  ];
  return known.find(([pattern]) => pattern.test(line))?.[1];
}

/** In Markdown, for reading and passing on; paths stand as they are, and nothing in them acts. */
export function examinationPage(examination: Examination, t: Translate): string {
  const { findings, fixed, dataDir, build, at } = examination;
  const areas = [...new Set(findings.map(({ area }) => area))];
  return [
    `# ${t('What the doctor found')}`,
    '',
    `**${summaryText(examination, t)}** ${new Date(at).toLocaleString()}, ${code(dataDir)}, ${code(buildId(build))}`,
    ...(fixed.length === 0 ? [] : ['', `## ${t('Put right')}`, '']),
    ...fixed.map(({ what, error }) => `- ${code(error === null ? what : `${what}: ${error}`)}`),
    ...areas.flatMap((area) => [
      '',
      `## ${areaText(area, t)}`,
      '',
      ...findings.filter((each) => each.area === area).flatMap((each) => findingLines(each, t)),
    ]),
    '',
  ].join('\n');
}

/** A word is read out, and drawn by every font; what is as it should be needs none. */
function levelText(level: FindingLevel, t: Translate): string {
  const texts: Readonly<Record<FindingLevel, string>> = { problem: t('Problem'), warning: t('Warning'), note: t('Note'), ok: '' };
  return texts[level] === '' ? '' : `**${texts[level]}:** `;
}

function findingLines({ level, what, why, todo }: Finding, t: Translate): string[] {
  return [
    `- ${levelText(level, t)}${plain(what)}${why === null ? '' : ` ${plain(why)}`}`,
    ...todo.map((step) => ('run' in step ? `  - ${code(step.run)}` : `  - ${plain(step.say)}`)),
  ];
}

export function bootPage({ isWhole, steps, build }: BootReport, t: Translate): string {
  const rows = steps.map(
    ({ name, tookMs, detail, isOk }) => `| ${isOk ? t('done') : `**${t('failed')}**`} | ${plain(name)} | ${tookMs} ms | ${plain(detail)} |`,
  );
  const verdict = isWhole ? t('The installation works.') : t('The installation does not work as a whole.');
  const heading = [`| | ${t('Step')} | ${t('Time')} | ${t('What it said')} |`, '| --- | --- | --- | --- |'];
  return [`# ${t('Verification of the installation')}`, '', `**${verdict}** ${code(buildId(build))}`, '', ...heading, ...rows, ''].join(
    '\n',
  );
}

/** Between ticks, which it has none of then. */
function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', '´')}\``;
}

function plain(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>#|!]/g, '\\$&');
}
