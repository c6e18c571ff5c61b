/** "Add Agent": one of the catalogue, its key or its command line where that is needed, and its name. */
import { l10n, type QuickPickItem, QuickPickItemKind } from 'vscode';
import type { CatalogueEntry } from '../../server/protocol/catalogue.ts';
import { limits } from '../../server/protocol/errors.ts';
import type { LocalModel } from '../../server/protocol/local-model.ts';
import type { Project } from '../../server/protocol/project.ts';
import type { SecretUse } from '../../server/protocol/secret.ts';
import type { CommandHost } from '../command-host.ts';
import { agentsOf } from '../fleet/fleet-model.ts';
import { type Answer, back, inputStep, pickStep, runSteps, type Step, type StepPlace } from '../picks/pick-steps.ts';
import { chooseProject } from '../picks/picks.ts';
import { askCredentials } from '../secrets/ask-credentials.ts';
import { freeName } from '../text/names.ts';
import { askLocalModel } from './ask-local-model.ts';
import { type CatalogueRow, catalogueRows } from './catalogue-rows.ts';
import { splitCommandLine } from './command-line.ts';
import { showInstallHint } from './install-hint.ts';

type Draft = {
  readonly entry?: CatalogueEntry | undefined;
  readonly command?: readonly string[];
  readonly secretUses?: readonly SecretUse[];
  readonly local?: LocalModel;
  readonly name?: string;
};

export async function addAgent(host: CommandHost, argument: unknown): Promise<void> {
  const project = await chooseProject(host, argument, l10n.t('Which project does the agent work in?'));
  if (!project) return;
  const steps = stepsFor(host, project);
  const draft = await runSteps<Draft>(l10n.t('Add Agent'), {}, steps);
  if (!draft?.entry || draft.name === undefined) return;
  const { entry, name, command = entry.command, secretUses = [], local } = draft;
  const path = process.env.PATH;
  const agent = await host.backend.call('agent/add', {
    project: project.id,
    name,
    provider: entry.provider,
    ...(command.length > 0 ? { command: [...command] } : {}),
    ...(secretUses.length > 0 ? { secretUses: [...secretUses] } : {}),
    ...(local ? { model: local.model, environment: { ...local.environment } } : {}),
    // A person's programs are found by the PATH they have here, not by the one the backend was started with.
    ...(path ? { path } : {}),
  });
  host.chats.show(agent.id, null);
}

function stepsFor(host: CommandHost, project: Project): (draft: Draft) => readonly Step<Draft>[] {
  const which: Step<Draft> = async (_, place) => fill(await askEntry(host, place), (entry) => ({ entry }));
  const key: Step<Draft> = async (draft, place) => {
    for (;;) {
      const credentials = await askCredentials(host, draft.entry?.kind ?? 'command', place);
      if (credentials !== 'local') return fill(credentials, (secretUses) => ({ entry: draft.entry, secretUses }));
      const model = await askLocalModel();
      if (model !== back) return fill(model, (local) => ({ entry: draft.entry, local }));
    }
  };
  const line: Step<Draft> = async (draft, place) =>
    fill(await askCommand(place), (typed) => ({ ...draft, command: splitCommandLine(typed) ?? [] }));
  const name: Step<Draft> = async (draft, place) =>
    fill(await askName(host, project, draft, place), (typed) => ({ ...draft, name: typed.trim() }));
  return ({ entry }) => {
    if (entry?.kind === 'demo') return [which, name];
    return entry?.kind === 'command' ? [which, line, name] : [which, key, name];
  };
}

function fill<T extends string | object>(answer: Answer<T>, into: (value: T) => Draft): Answer<Draft> {
  if (answer === undefined) return undefined;
  return answer === back ? back : into(answer);
}

type RowItem = QuickPickItem & { readonly entry?: CatalogueEntry };

async function askEntry(host: CommandHost, place: StepPlace): Promise<Answer<CatalogueEntry>> {
  for (;;) {
    const picked = await pickStep<RowItem>(place, { placeholder: l10n.t('Which agent is it?'), items: rowItems(host) });
    if (picked === undefined || picked === back) return picked;
    const { entry } = picked;
    if (!entry) continue;
    const next = entry.installation.state === 'missing' ? await showInstallHint(entry) : 'add';
    if (next === 'add') return entry;
    if (next === undefined) return undefined;
  }
}

async function rowItems(host: CommandHost): Promise<RowItem[]> {
  const path = process.env.PATH;
  const { entries } = await host.backend.call('catalogue/list', path ? { path } : {});
  return catalogueRows(entries, l10n.t).map(itemOf);
}

function itemOf(row: CatalogueRow): RowItem {
  if (row.kind === 'separator') return { label: row.label, kind: QuickPickItemKind.Separator };
  const { entry, icon, label, description, detail } = row;
  return { entry, label: `$(${icon}) ${label}`, description, detail };
}

function askCommand(place: StepPlace): Promise<Answer<string>> {
  return inputStep(place, {
    prompt: l10n.t('Program and arguments, as in a terminal. Nothing is expanded.'),
    placeholder: 'my-agent --acp',
    problem: (value) => {
      const words = splitCommandLine(value);
      if (!words) return l10n.t('A quote is not closed.');
      return words.length === 0 ? l10n.t('Type the program that speaks ACP.') : undefined;
    },
  });
}

function askName(host: CommandHost, project: Project, { entry }: Draft, place: StepPlace): Promise<Answer<string>> {
  const taken = agentsOf(host.fleet.state, project.id).map((agent) => agent.name);
  return inputStep(place, {
    prompt: l10n.t('A name for the agent in {0}', project.name),
    value: freeName(entry === undefined || entry.kind === 'command' ? 'agent' : entry.kind, taken),
    problem: (value) => nameProblem(value.trim(), taken),
  });
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!name) return l10n.t('Type a name.');
  if (name.length > limits.nameChars) return l10n.t('At most {0} characters.', limits.nameChars);
  return taken.includes(name) ? l10n.t('An agent of this project has that name.') : undefined;
}
