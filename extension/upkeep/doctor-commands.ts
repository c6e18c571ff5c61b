/** Commands about the installation itself: what is wrong with it, and whether an agent can be started at all. */
import { commands, l10n, ProgressLocation, type QuickPickItem, QuickPickItemKind, version, window } from 'vscode';
import { boot, examine } from '../../server/launch/doctor.ts';
import type { Examination, Finding } from '../../server/protocol/doctor.ts';
import type { CommandHost } from '../command-host.ts';
import { storeFacts } from '../secrets/secret-store-facts.ts';
import { storeKind } from '../secrets/secret-store-kind.ts';
import { pickText } from '../text/visible-text.ts';
import { windowFindings } from './doctor-window.ts';
import { areaText, bootPage, commandFor, examinationPage, levelIcons, summaryText } from './doctor-wording.ts';
import { typeInTerminal } from './runbook-commands.ts';

type DoctorItem = QuickPickItem & { readonly act?: () => unknown };

/** What needs the person stands first; choosing it does, or offers, what helps. */
export async function runDoctor(host: CommandHost): Promise<void> {
  await show(host, await look(host, 'examine'));
}

async function look(host: CommandHost, wish: 'examine' | 'fix'): Promise<Examination> {
  const title = l10n.t('Looking at data, files, machine and sandbox');
  const examination = await window.withProgress({ location: ProgressLocation.Notification, title }, () =>
    examine(host.installation(), wish),
  );
  const own = windowFindings({ version, store: storeKind(storeFacts()) }, l10n.t);
  return { ...examination, findings: [...examination.findings, ...own] };
}

async function show(host: CommandHost, examination: Examination): Promise<void> {
  const worst = examination.findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const actions: DoctorItem[] = [
    ...(worst.some(({ isFixable }) => isFixable) ? [{ label: `$(wrench) ${l10n.t('Put Right What Is Safe')}`, act: () => fix(host) }] : []),
    { label: `$(open-preview) ${l10n.t('Show as Document')}`, act: () => openPage(host, examination) },
    { label: `$(beaker) ${l10n.t('Verify Installation')}`, act: () => commands.executeCommand('agor.verifyInstallation') },
    { label: `$(book) ${l10n.t('Open Runbook')}`, act: () => commands.executeCommand('agor.openRunbook') },
  ];
  const separator: DoctorItem = { label: l10n.t('Actions'), kind: QuickPickItemKind.Separator };
  const picked = await window.showQuickPick([...worst.map((finding) => itemOf(host, finding)), separator, ...actions], {
    title: l10n.t('Agor: Doctor'),
    placeHolder: summaryText(examination, l10n.t),
    matchOnDetail: true,
  });
  await picked?.act?.();
}

const order: readonly Finding['level'][] = ['problem', 'warning', 'note', 'ok'];

function itemOf(host: CommandHost, finding: Finding): DoctorItem {
  const { level, area, what, why, todo } = finding;
  const help = [why, ...todo.map((step) => ('run' in step ? step.run : step.say))].filter((text) => text !== null).join(' ');
  const label = `$(${levelIcons[level]}) ${areaText(area, l10n.t)}: ${pickText(what)}`;
  return { label, ...(help === '' ? {} : { detail: pickText(help) }), act: () => help !== '' && helpWith(host, finding) };
}

/** With one thing to do, does it; with several, asks which. */
async function helpWith(host: CommandHost, { todo, what }: Finding): Promise<void> {
  const lines = todo.flatMap((step) => ('run' in step ? step.run : []));
  const line =
    lines.length < 2 ? lines[0] : await window.showQuickPick(lines, { title: l10n.t('Agor: Doctor'), placeHolder: pickText(what) });
  if (line === undefined) return;
  if (line === 'agor doctor --fix') return fix(host);
  const command = commandFor(line);
  const procedure = /^agor runbook show (\w+)$/.exec(line)?.[1];
  if (command) await commands.executeCommand(command, procedure && { procedure });
  else typeInTerminal(line);
}

/** A backend that runs does it itself, since it knows what is in use. */
async function fix(host: CommandHost): Promise<void> {
  const before = await look(host, 'fix');
  const needsBackend = before.backend === 'running' && before.findings.some(({ isFixable }) => isFixable);
  const fixed = needsBackend ? (await host.backend.call('doctor/fix', {})).fixed : before.fixed;
  const after = needsBackend ? await look(host, 'examine') : before;
  await openPage(host, { ...after, fixed });
}

async function openPage(host: CommandHost, examination: Examination): Promise<void> {
  const page = host.documents.add(l10n.t('Agor Doctor.md'), examinationPage(examination, l10n.t));
  await commands.executeCommand('markdown.showPreview', page);
}

/** Has a demo agent started, asked and removed over a backend of its own; takes some seconds. */
export async function verifyInstallation(host: CommandHost): Promise<void> {
  const title = l10n.t('Starting a demo agent over a backend of its own');
  const report = await window.withProgress({ location: ProgressLocation.Notification, title }, () => boot(host.installation()));
  const page = host.documents.add(l10n.t('Agor Installation.md'), bootPage(report, l10n.t));
  await commands.executeCommand('markdown.showPreview', page);
}
