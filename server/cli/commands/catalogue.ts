/** `agor catalogue`: which agents can be added, which are installed here, and what each cannot tell. */
import type { Command } from 'commander';
import { agentTraits, type Known } from '../../protocol/agent-kinds.ts';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { installationText, lackText } from '../catalogue-text.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';

const help = `
Programs are looked for on your PATH and where their installers put them. One in a folder that agents can write (a project,
a worktree, or a path that you opened to them) is named, and not run to ask for its version.

What is said of an agent was measured with the version under TRIED WITH; the rest is "not tried".

Examples:
  agor catalogue
  agor catalogue opencode
  agor agent add helper --kind opencode`;

export function addCatalogueCommand(program: Command): void {
  program
    .command('catalogue')
    .alias('catalog')
    .summary('which agents can be added')
    .description('Lists the agents that can be added, whether each is installed, and what it cannot tell; or one of them in full.')
    .argument('[kind]', 'only this one, in full')
    .addHelpText('after', help)
    .action(run(show));
}

async function show(invocation: Invocation, kind: string | undefined): Promise<Outcome> {
  const backend = await invocation.backend();
  const { entries } = await backend.call('catalogue/list', pathOf(invocation));
  if (kind === undefined) return { json: { entries }, lines: () => table(heads, entries.map(rowOf)) };
  const entry = entries.find((one) => one.kind === kind);
  if (!entry)
    throw new UsageError(`There is no "${oneLine(kind, 60)}" in the catalogue. Known: ${entries.map((one) => one.kind).join(', ')}.`);
  return { json: entry, lines: () => detailLines(entry) };
}

export function pathOf({ env }: Invocation): { path?: string } {
  return env.PATH ? { path: env.PATH } : {};
}

const heads = ['KIND', 'NAME', 'INSTALLED', 'TRIED WITH', 'WITHOUT'];

function rowOf(entry: CatalogueEntry): string[] {
  const lacks = agentTraits.filter((trait) => entry.traits[trait] === 'no').map(lackText);
  const untried = agentTraits.every((trait) => entry.traits[trait] !== 'yes') ? ['the rest is not tried'] : [];
  return [entry.kind, entry.name, stateText(entry), entry.triedWith ?? '-', [...lacks, ...untried].join(', ')];
}

function stateText({ installation }: CatalogueEntry): string {
  if (installation.state === 'installed') return installation.version === null ? 'yes' : oneLine(installation.version, 40);
  return { missing: 'no', writable: 'where agents can write', builtIn: '-' }[installation.state];
}

const words: Readonly<Record<Known, string>> = { yes: 'yes', no: 'no', notTried: 'not tried' };

function detailLines(entry: CatalogueEntry): string[] {
  const { name, kind, command, login, keys, traits, triedWith } = entry;
  return [
    `${name} (${kind})`,
    installationText(entry),
    ...(command.length > 0 ? [`Started by: ${oneLine(command.join(' '), 4096)}`] : []),
    ...(login === null ? [] : [`Log in with: ${login}`]),
    ...(keys.length === 0 ? [] : [`Takes a key from: ${keys.join(', ')}`]),
    `Measured with: ${triedWith ?? 'no version'}`,
    ...table(
      ['TELLS', ''],
      agentTraits.map((trait) => [questions[trait], words[traits[trait]]]),
    ),
  ];
}

const questions = {
  tokens: 'token counts',
  cost: 'cost',
  asks: 'asks before tools',
  interrupt: 'can be interrupted',
  resume: 'resumes sessions',
  errors: 'errors by their kind',
  retries: 'retries',
} as const;
