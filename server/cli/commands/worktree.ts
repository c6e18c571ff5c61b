/** `agor worktree`: a folder and a branch of its own for an agent. */
import type { Command } from 'commander';
import type { WorktreeReport } from '../../protocol/worktree.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import { bytesText } from '../metrics-text.ts';
import type { Outcome } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { reportLines, worktreeTable } from '../worktree-text.ts';
import { addWorktreeSharing } from './worktree-sharing.ts';

type Place = { readonly project?: string };
type CreateOptions = Place & { readonly from?: string; readonly linkDependencies?: boolean; readonly link?: string[] };

const help = `
An agent with a worktree works in a folder beside the project's (<project>.worktrees/<agent>), on the branch agor/<agent>.
Removing one first writes everything in it into a git bundle: commits, staged and uncommitted changes, untracked and
ignored files. "agor worktree restore" brings it back as it was.

Examples:
  agor worktree create coder --from main
  agor worktree list
  agor worktree diff coder
  agor worktree merge coder
  agor worktree remove coder`;

export function addWorktreeCommands(program: Command): void {
  const worktree = group(program, { name: 'worktree', description: 'Folders and branches of their own for agents.' });
  worktree.addHelpText('after', help);
  addCreate(worktree);
  worktree
    .command('list')
    .summary('list the worktrees, with what is only in them')
    .description('Lists the worktrees: whether anything is only there, and how large they are.')
    .option('-p, --project <project>', 'only those of this project')
    .option('--removed', 'also those that can be restored')
    .action(run(list));
  ofOne(worktree, 'show', 'what is only in it, and why it counts as safe or not', show);
  ofOne(worktree, 'diff', 'what changed in it since it parted from its base', diff).option('--stat', 'only the files');
  ofOne(worktree, 'merge', 'merge its branch into the branch that it came from', merge);
  ofOne(worktree, 'remove', 'keep everything of it in a bundle, then remove it', remove);
  ofOne(worktree, 'restore', 'bring a removed one back as it was', restore);
  addWorktreeSharing(worktree);
}

function addCreate(worktree: Command): void {
  worktree
    .command('create')
    .summary('let an agent work in a folder and on a branch of its own')
    .description('Makes a worktree for an agent; it works there from its next start on.')
    .argument('<agent>', 'name or id')
    .option('-f, --from <branch>', 'the branch, tag or commit that it begins at; without it, what the project is on')
    .option('--link-dependencies', 'link node_modules and the like from the project, to be read only')
    .option('--link <path...>', 'link these untracked paths from the project, to be read only')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .action(run(create));
}

type OfOne<Options> = (invocation: Invocation, worktree: string, options: Options) => Promise<Outcome>;

function ofOne<Options>(parent: Command, name: string, summary: string, act: OfOne<Options>): Command {
  const sentence = `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
  return parent.command(name).summary(summary).description(sentence).argument('<worktree>', "its id, or its agent's name").action(run(act));
}

async function create(invocation: Invocation, typed: string, { from, linkDependencies, link, ...place }: CreateOptions): Promise<Outcome> {
  const { id, name } = await findAgent(invocation, typed, place);
  const backend = await invocation.backend();
  const dependencies = linkDependencies ? ('linked' as const) : ('none' as const);
  const made = await backend.call('worktree/create', {
    agent: id,
    dependencies,
    ...(from ? { from } : {}),
    ...(link ? { links: link } : {}),
  });
  const lines = [
    `${oneLine(name, 40)} works in ${oneLine(made.path)} from its next start on, on the branch ${oneLine(made.branch)}.`,
    ...(made.linked.length > 0 ? [`Linked, to be read only: ${made.linked.map((path) => oneLine(path)).join(', ')}.`] : []),
  ];
  return { json: made, lines: () => lines };
}

async function list(invocation: Invocation, options: { readonly project?: string; readonly removed?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const { worktrees } = await backend.call('worktree/list', options);
  const names = await agentNames(invocation);
  return { json: { worktrees }, lines: () => worktreeTable(worktrees, names) };
}

async function show(invocation: Invocation, worktree: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const report: WorktreeReport = await backend.call('worktree/show', { worktree });
  const names = await agentNames(invocation);
  return { json: report, lines: () => reportLines(report, names) };
}

async function diff(invocation: Invocation, worktree: string, { stat = false }: { readonly stat?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const changes = await backend.call('worktree/diff', { worktree, patch: !stat });
  const { files, patch, isWhole } = changes;
  const summary = files.map(
    ({ path, status, added, removed }) => `${status.padEnd(8)} ${`+${added ?? '?'} -${removed ?? '?'}`.padEnd(12)} ${oneLine(path)}`,
  );
  const lines =
    files.length === 0 ? ['Nothing has changed since it parted from its base.'] : patch ? printable(patch).split('\n') : summary;
  return { json: changes, lines: () => (isWhole ? lines : [...lines, 'There is more than is shown here.']) };
}

async function merge(invocation: Invocation, worktree: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const merged = await backend.call('worktree/merge', { worktree });
  return { json: merged, lines: () => [`Merged into ${oneLine(merged.base)}, which is at ${merged.commit.slice(0, 12)} now.`] };
}

async function remove(invocation: Invocation, worktree: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const removed = await backend.call('worktree/remove', { worktree });
  const { bundle } = removed;
  const kept = bundle
    ? [
        `Everything in it is in ${oneLine(bundle.path)} (${bytesText(bundle.bytes)}).`,
        `Bring it back with: agor worktree restore ${removed.id}`,
      ]
    : [`Its folder was gone already, so nothing was kept. Its branch ${oneLine(removed.branch)} is left as it is.`];
  return { json: removed, lines: () => [`Removed ${oneLine(removed.path)}.`, ...kept] };
}

async function restore(invocation: Invocation, worktree: string): Promise<Outcome> {
  const backend = await invocation.backend();
  const restored = await backend.call('worktree/restore', { worktree });
  return { json: restored, lines: () => [`${oneLine(restored.path)} is back as it was, on the branch ${oneLine(restored.branch)}.`] };
}

async function agentNames(invocation: Invocation): Promise<ReadonlyMap<string, string>> {
  const backend = await invocation.backend();
  const { agents } = await backend.call('agent/list', {});
  return new Map(agents.map(({ id, name }) => [id, oneLine(name, 40)]));
}
