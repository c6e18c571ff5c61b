/** Commands about the runbook: to read it, to go through a procedure, and to finish one. */
import {
  CodeLens,
  commands,
  type Disposable,
  l10n,
  languages,
  type QuickPickItem,
  Range,
  type Terminal,
  TextEditorRevealType,
  Uri,
  window,
} from 'vscode';
import { isComplete, type ProcedureName, procedureNames, runbook } from '../../server/protocol/runbook.ts';
import type { CommandHost } from '../command-host.ts';
import { type Procedures, procedureOf, type StepPlace, stepOf } from './procedures.ts';
import { type PagePlace, runbookPage, translated } from './runbook-page.ts';

const path = 'Agor Runbook.md';

/** One page of it, at the procedure that is named; its text never changes: what was done is in the lines above the steps. */
export async function openRunbook({ documents }: CommandHost, argument: unknown): Promise<void> {
  const { text, places } = runbookPage(l10n.t);
  const line = places.find(({ procedure, step }) => step === null && procedure === procedureOf(argument))?.line ?? 0;
  const editor = await window.showTextDocument(documents.add(path, text), { preview: true, selection: new Range(line, 0, line, 0) });
  editor.revealRange(new Range(line, 0, line, 0), TextEditorRevealType.AtTop);
}

/** What runs a step, and what ticks it off, above each; what finishes a procedure above its heading. */
export function registerRunbook({ procedures }: Pick<CommandHost, 'procedures'>): Disposable {
  return languages.registerCodeLensProvider(
    { scheme: 'agor', pattern: `**/${path}` },
    {
      onDidChangeCodeLenses: procedures.onDidChange,
      provideCodeLenses: () => runbookPage(l10n.t).places.flatMap((place) => lensesOf(place, procedures)),
    },
  );
}

function lensesOf({ line, procedure, step }: PagePlace, procedures: Procedures): CodeLens[] {
  const range = new Range(line, 0, line, 0);
  const lens = (title: string, command: string, argument: object) => new CodeLens(range, { title, command, arguments: [argument] });
  if (step === null) {
    const done = procedures.progress(procedure)?.done.length ?? 0;
    const title = l10n.t('{0} of {1} steps done: finish and write the report…', done, runbook[procedure].steps.length);
    return [lens(`$(checklist) ${title}`, 'agor.finishProcedure', { procedure })];
  }
  const doneAt = procedures.doneAt(procedure, step);
  const isDone = doneAt !== undefined;
  const mark = isDone
    ? `$(pass-filled) ${l10n.t('done at {0}', new Date(doneAt).toLocaleTimeString(undefined, { timeStyle: 'short' }))}`
    : `$(circle-large-outline) ${l10n.t('mark as done')}`;
  const tick = lens(mark, 'agor.runProcedureStep', { procedure, step, mark: !isDone });
  return hasWork({ procedure, step }) ? [lens(`$(play) ${l10n.t('run')}`, 'agor.runProcedureStep', { procedure, step }), tick] : [tick];
}

function hasWork({ procedure, step }: StepPlace): boolean {
  const { command = null, lines = [] } = runbook[procedure].steps[step - 1] ?? {};
  return command !== null || lines.length > 0;
}

/** From the palette, asks which; what it runs is then ticked off. */
export async function runProcedureStep(host: CommandHost, argument: unknown): Promise<void> {
  const place = stepOf(argument) ?? (await chooseStep(host.procedures));
  if (!place) return;
  const mark = typeof argument === 'object' && argument !== null && 'mark' in argument ? argument.mark : undefined;
  if (mark === false) return host.procedures.unmark(place.procedure, place.step);
  if (mark === undefined && !(await runStep(place))) return;
  await host.procedures.mark(place.procedure, place.step, Date.now());
}

type StepItem = QuickPickItem & { readonly place: StepPlace };

async function chooseStep(procedures: Procedures): Promise<StepPlace | undefined> {
  const procedure = await chooseProcedure(procedures);
  if (!procedure) return undefined;
  const items = runbook[procedure].steps.map(({ title, text }, index): StepItem => {
    const isDone = procedures.doneAt(procedure, index + 1) !== undefined;
    const label = `$(${isDone ? 'pass-filled' : 'circle-large-outline'}) ${index + 1}. ${translated(title, l10n.t)}`;
    return { label, detail: translated(text, l10n.t), place: { procedure, step: index + 1 } };
  });
  const next = items.find(({ place }) => procedures.doneAt(procedure, place.step) === undefined);
  const title = translated(runbook[procedure].title, l10n.t);
  return (await pickFrom(items, { title, placeHolder: l10n.t('Run which step?'), active: next }))?.place;
}

/** The next step is where the cursor stands, so that Enter goes through all of them. */
function pickFrom(
  items: readonly StepItem[],
  { title, placeHolder, active }: { readonly title: string; readonly placeHolder: string; readonly active: StepItem | undefined },
): Promise<StepItem | undefined> {
  const pick = window.createQuickPick<StepItem>();
  Object.assign(pick, { title, placeholder: placeHolder, items, matchOnDetail: true });
  if (active) pick.activeItems = [active];
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

async function chooseProcedure(procedures: Procedures): Promise<ProcedureName | undefined> {
  const items = procedureNames.map((name) => {
    const done = procedures.progress(name)?.done.length;
    const description = done === undefined ? '' : l10n.t('{0} of {1} steps done', done, runbook[name].steps.length);
    return { label: translated(runbook[name].title, l10n.t), description, detail: translated(runbook[name].when, l10n.t), name };
  });
  return (await window.showQuickPick(items, { title: l10n.t('Runbook'), placeHolder: l10n.t('Which procedure?') }))?.name;
}

/** False when the person gave it up. */
async function runStep({ procedure, step }: StepPlace): Promise<boolean> {
  const { command = null, lines = [], title = '' } = runbook[procedure].steps[step - 1] ?? {};
  if (command !== null) {
    await commands.executeCommand(command, command === 'agor.finishProcedure' ? { procedure } : undefined);
    // It forgets what was done, itself included.
    return command !== 'agor.finishProcedure';
  }
  const line = lines.length < 2 ? lines[0] : await window.showQuickPick(lines, { title: translated(title, l10n.t) });
  if (line === undefined) return lines.length === 0;
  typeInTerminal(line);
  return true;
}

const terminalName = 'Agor: Runbook';

/** Only what is whole, and ours, is run at once; the rest is the person's to look at first. */
export function typeInTerminal(line: string): void {
  const terminal: Terminal = window.terminals.find(({ name }) => name === terminalName) ?? window.createTerminal({ name: terminalName });
  terminal.show();
  terminal.sendText(line, isComplete(line) && line.startsWith('agor '));
}

export async function finishProcedure({ backend, procedures, failures }: CommandHost, argument: unknown): Promise<void> {
  const procedure = procedureOf(argument) ?? (await chooseProcedure(procedures));
  if (!procedure) return;
  const title = l10n.t('Finish: {0}', translated(runbook[procedure].title, l10n.t));
  const note = await window.showInputBox({ title, prompt: l10n.t('What was found or decided, for the report; may be empty') });
  if (note === undefined) return;
  const now = Date.now();
  const { startedAt, done } = procedures.progress(procedure) ?? { startedAt: now, done: [] };
  const last = runbook[procedure].steps.length;
  const steps = [...done.filter(({ step }) => step < last), { step: last, doneAt: now }];
  const finished = await backend.call('runbook/finish', { procedure, startedAt, steps, note });
  await procedures.forget(procedure);
  void tellFinished(finished).catch((error: unknown) => failures.show(error));
}

/** Not waited for: it stays on the screen as long as the person likes. */
async function tellFinished({ report, done, of }: { readonly report: string; readonly done: number; readonly of: number }): Promise<void> {
  const open = l10n.t('Open Report');
  const chosen = await window.showInformationMessage(l10n.t('{0} of {1} steps were done. The report is written.', done, of), open);
  if (chosen === open) await window.showTextDocument(Uri.file(report), { preview: true });
}
