/** `agor project`: the folders that agents work in. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shortId } from '../../protocol/ids.ts';
import type { Project } from '../../protocol/project.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';

const addHelp = `
A project that a person adds at a terminal is trusted: agents may be started in it, and configuration that lies in
its folder is used. With --no-trust it can only be looked at, until "agor project trust".

Examples:
  agor project add .
  agor project add ~/src/website --name site`;

export function addProjectCommands(program: Command): void {
  const project = group(program, { name: 'project', description: 'Folders that agents work in.' });
  project
    .command('add')
    .summary('add a folder')
    .description('Adds a folder, and trusts it. Adding a folder twice gives the same project.')
    .argument('[folder]', 'the folder, as seen from here', '.')
    .option('-n, --name <name>', "what to call it instead of the folder's name")
    .option('--trust', 'let agents be started in it', true)
    .option('--no-trust', 'only look at it for now')
    .addHelpText('after', addHelp)
    .action(run(addProject));
  project.command('list').summary('list the projects').description('Lists the projects.').action(run(listProjects));
  project
    .command('remove')
    .summary('forget a project, stopping its agents')
    .description("Stops and removes the project's agents and forgets the project. Its folder, transcripts and audit rows stay.")
    .argument('<project>', 'name or id')
    .action(run(removeProject));
  project
    .command('trust')
    .summary('let agents be started in a project, or no longer')
    .description('Lets agents be started in a project, and configuration from its folder be used.')
    .argument('<project>', 'name or id')
    .option('--revoke', 'take the trust back: nothing is started in it any more')
    .action(run(trustProject));
}

async function addProject(invocation: Invocation, folder: string, options: { name?: string; trust: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const name = options.name === undefined ? {} : { name: options.name };
  const project = await backend.call('project/add', { path: resolve(invocation.cwd, folder), trusted: options.trust, ...name });
  return { json: project, lines: () => [`Added ${described(project)}.`, trustText(project)] };
}

async function listProjects(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const { projects } = await backend.call('project/list', {});
  if (projects.length === 0) {
    return { json: { projects }, lines: () => ['There is no project yet. Add the folder you are in with: agor project add .'] };
  }
  const rows = projects.map((project) => [
    shortId(project.id),
    oneLine(project.name),
    project.trusted ? 'yes' : 'no',
    agoText(project.createdAt, invocation.now),
    oneLine(project.path, 1000),
  ]);
  return { json: { projects }, lines: () => table(['ID', 'NAME', 'TRUSTED', 'ADDED', 'FOLDER'], rows) };
}

async function removeProject(invocation: Invocation, project: string): Promise<Outcome> {
  const backend = await invocation.backend();
  await backend.call('project/remove', { project });
  return { json: {}, lines: () => [`Removed the project ${oneLine(project)}. Its folder was not touched.`] };
}

async function trustProject(invocation: Invocation, reference: string, options: { revoke?: boolean }): Promise<Outcome> {
  const backend = await invocation.backend();
  const project = await backend.call('project/trust', { project: reference, trusted: !options.revoke });
  return { json: project, lines: () => [trustText(project)] };
}

function described({ name, path, id }: Project): string {
  return `${oneLine(name)} (${shortId(id)}), ${oneLine(path, 1000)}`;
}

function trustText({ name, trusted, id }: Project): string {
  if (trusted)
    return `${oneLine(name)} is trusted: agents may be started in it. Take that back with: agor project trust ${shortId(id)} --revoke`;
  return `${oneLine(name)} is not trusted: nothing is started in it. Change that with: agor project trust ${shortId(id)}`;
}
