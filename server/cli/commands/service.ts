/** `agor service`: lets systemd run the backend. */
import { existsSync, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { type Command, Option } from 'commander';
import { dataPaths } from '../../base/data-paths.ts';
import { servicePath } from '../../launch/runtime.ts';
import {
  installUnit,
  type Manager,
  requireSystemd,
  type UnitHost,
  uninstallUnit,
  unitHost,
  unitPath,
  unitState,
} from '../../launch/service-unit.ts';
import { type UnitFacts, unitName, unitText } from '../../launch/unit-file.ts';
import { AgorError } from '../../protocol/errors.ts';
import { group } from '../command-group.ts';
import { findHealthFile, judgeHealth } from '../health-check.ts';
import { distDir, type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';

type Options = { readonly system?: true; readonly runAs?: string; readonly write?: readonly string[] };

const help = `
The service is yours (systemctl --user) unless --system is given; that one is installed by root and runs as --run-as. It
may write in the data directory, in the folders of projects and beside them for worktrees, and where sandbox.readWritePaths
or --write say; run "agor service install" again after you have added a project. Settings may come from a file backend.env
in the folder of the configuration, secrets by LoadCredential= in a drop-in and from no variable.

Example:
  agor service install && loginctl enable-linger    also while you are logged out`;

export function addServiceCommands(program: Command): void {
  const service = group(program, { name: 'service', description: 'Let systemd run the backend.' }).addHelpText('after', help);
  add(service, 'install', 'write the unit, and start it now and at each boot', install);
  add(service, 'uninstall', 'stop the service and remove its unit; agents finish, data stays', uninstall);
  add(service, 'status', 'show whether it is installed, up to date, and alive', status);
  add(service, 'print', 'print the unit and change nothing', print);
}

type Work = (invocation: Invocation, options: Options) => Promise<Outcome>;

function add(service: Command, name: string, summary: string, work: Work): void {
  service
    .command(name)
    .summary(summary)
    .description(`${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`)
    .option('--system', 'for the service manager of the machine instead of yours')
    .addOption(new Option('--run-as <user>', 'with --system: whom it runs as'))
    .option('--write <folder...>', 'more that the service and its agents may write')
    .action(run(work));
}

async function install(invocation: Invocation, options: Options): Promise<Outcome> {
  const host = hostOf(invocation, options);
  requireSystemd(host);
  const facts = await factsOf(invocation, options);
  makeWorktreeFolders(facts.writable);
  installUnit(host, unitText(facts));
  const path = unitPath(host);
  const fleeting = /[/\\](\.vscode[^/\\]*|cursor-server)[/\\]/.test(facts.node) || process.versions.electron !== undefined;
  const remark = fleeting ? [`It runs with ${facts.node}, which an update of the editor may remove: install it again then.`] : [];
  const linger = host.manager === 'user' ? ['It ends when you log out, unless you run: loginctl enable-linger'] : [];
  return {
    json: { installed: true, path },
    lines: () => [`${unitName} runs now and at each boot; its unit is ${path}.`, ...linger, ...remark],
  };
}

async function uninstall(invocation: Invocation, options: Options): Promise<Outcome> {
  const uninstalled = uninstallUnit(hostOf(invocation, options));
  const line = uninstalled
    ? `${unitName} is removed. Agents finish what they do; the data is in ${invocation.dataDir}.`
    : 'No service is installed.';
  return { json: { uninstalled }, lines: () => [line] };
}

async function status(invocation: Invocation, options: Options): Promise<Outcome> {
  const host = hostOf(invocation, options);
  requireSystemd(host);
  const state = unitState(host, unitText(await factsOf(invocation, options)));
  const health = judgeHealth(findHealthFile(invocation.dataDir), Date.now());
  const unit = state.isCurrent ? 'up to date' : state.installed ? 'out of date: run "agor service install" again' : 'not installed';
  const lines = [`Unit     ${unitPath(host)}, ${unit}`, `State    ${state.active}, ${state.enabled}`, `Health   ${health.text}`];
  return { json: { ...state, unit: unitPath(host), health }, lines: () => lines };
}

async function print(invocation: Invocation, options: Options): Promise<Outcome> {
  const text = unitText(await factsOf(invocation, options));
  return { json: { name: unitName, text }, lines: () => text.trimEnd().split('\n') };
}

function hostOf({ env }: Invocation, { system }: Options): UnitHost {
  const manager: Manager = system ? 'system' : 'user';
  if (system && process.getuid?.() !== 0)
    throw new AgorError('badRequest', 'Only root installs a service of the machine. Use sudo, or leave --system out for one of your own.');
  return unitHost(manager, { env, home: homedir() });
}

async function factsOf(invocation: Invocation, { system, runAs, write = [] }: Options): Promise<UnitFacts> {
  const { dataDir, env, cwd } = invocation;
  if (system && !runAs)
    throw new AgorError('badRequest', 'Say with --run-as whom the service runs as; agents run as that user, so it should not be root.');
  requireShortPath(dataDir);
  const backend = await invocation.backend();
  const { projects } = await backend.call('project/list', {});
  const { agents } = await backend.call('agent/list', {});
  const { values, environment } = await backend.call('settings/get', {});
  const shared = asPaths(environment['sandbox.readWritePaths'] ?? values['sandbox.readWritePaths']);
  const roots = projects.flatMap(({ path }) => [path, `${path}.worktrees`]);
  return {
    scope: system && runAs ? { runAs } : 'user',
    node: process.execPath,
    ...programOf(dataDir),
    dataDir,
    environment: environmentOf(env),
    environmentFile: system ? '/etc/agor/backend.env' : join(configFolder(env), 'backend.env'),
    writable: [...roots, ...shared, ...write.map((path) => resolve(cwd, path))],
    agents: agents.length,
  };
}

/** From a build that stays where it is, which the next deployment replaces; else from what leads to the build that was started last. */
function programOf(dataDir: string): Pick<UnitFacts, 'program' | 'args'> {
  const paths = dataPaths(dataDir);
  if (distDir.startsWith(paths.runtime + sep)) return { program: servicePath(paths), args: [dataDir] };
  const source = import.meta.url.endsWith('.ts') ? 'agor.ts' : 'agor.js';
  return { program: join(distDir, 'cli', source), args: ['serve', '--data-dir', dataDir] };
}

/** Where it finds git and the programs of agents, and what else decides on places. No secret is among it. */
function environmentOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['PATH', 'AGOR_CONFIG_DIR', 'XDG_CONFIG_HOME'].filter((name) => env[name]);
  const runtime = process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  return { ...Object.fromEntries(names.map((name) => [name, env[name] ?? ''])), ...runtime };
}

function configFolder(env: NodeJS.ProcessEnv): string {
  const [own = '', shared = ''] = [env.AGOR_CONFIG_DIR, env.XDG_CONFIG_HOME];
  if (isAbsolute(own)) return own;
  return join(isAbsolute(shared) ? shared : join(userInfo().homedir, '.config'), 'agor');
}

/** Its socket would be in a temporary folder, which the service has for itself. */
function requireShortPath(dataDir: string): void {
  if (dataPaths(dataDir).socket.startsWith(dataDir)) return;
  throw new AgorError(
    'badRequest',
    `The path of the data directory is too long for a service: its socket must lie in it. Choose a shorter one than ${dataDir}.`,
  );
}

/** What is not there when the service starts cannot be opened to it, and it cannot make it in a folder that is closed. */
function makeWorktreeFolders(writable: readonly string[]): void {
  const wanted = writable.filter((path) => writable.includes(`${path}.worktrees`) && existsSync(join(path, '.git')));
  for (const path of wanted) mkdirSync(`${path}.worktrees`, { recursive: true });
}

function asPaths(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];
}
