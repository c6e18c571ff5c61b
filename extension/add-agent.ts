/** "Add Agent": which program, where its key comes from, which name, and for any ACP agent its command line. */
import { l10n, type QuickPickItem, window } from 'vscode';
import { type InstalledProgram, installedProgram, knownPrograms } from '../server/launch/installed-program.ts';
import type { Provider } from '../server/protocol/agent.ts';
import { limits } from '../server/protocol/errors.ts';
import type { Project } from '../server/protocol/project.ts';
import { askCredentials } from './ask-credentials.ts';
import type { CommandHost } from './command-host.ts';
import { splitCommandLine } from './command-line.ts';
import { agentsOf } from './fleet-model.ts';
import { freeName } from './names.ts';
import { chooseProject } from './picks.ts';

export async function addAgent(host: CommandHost, argument: unknown): Promise<void> {
  const project = await chooseProject(host, argument, l10n.t('Which project does the agent work in?'));
  const provider = project && (await askProvider());
  if (!project || !provider) return;
  const command = provider === 'acp' ? await askCommand() : [];
  const secretUses = command && (await askCredentials(host, provider));
  const name = secretUses && (await askName(host, project, provider));
  if (!secretUses || !name) return;
  const path = process.env.PATH;
  const agent = await host.backend.call('agent/add', {
    project: project.id,
    name,
    provider,
    ...(command.length > 0 ? { command } : {}),
    ...(secretUses.length > 0 ? { secretUses } : {}),
    // A person's programs are found by the PATH they have here, not by the one the backend was started with.
    ...(path ? { path } : {}),
  });
  host.chats.show(agent.id, null);
}

async function askProvider(): Promise<Provider | undefined> {
  const picked = await window.showQuickPick(providerItems(), {
    title: l10n.t('Add Agent'),
    placeHolder: l10n.t('Which program is it?'),
    matchOnDetail: true,
  });
  return picked?.provider;
}

async function providerItems(): Promise<(QuickPickItem & { provider: Provider })[]> {
  const [claude, codex] = await Promise.all([
    installedProgram(knownPrograms.claude, process.env),
    installedProgram(knownPrograms.codex, process.env),
  ]);
  const login = l10n.t('with your own login, or a key');
  return [
    { provider: 'claude', label: '$(sparkle) Claude Code', description: login, detail: programDetail('claude', claude) },
    { provider: 'codex', label: '$(code) Codex', description: login, detail: programDetail('codex', codex) },
    {
      provider: 'demo',
      label: `$(beaker) ${l10n.t('Demo agent')}`,
      description: l10n.t('built in, without a model'),
      detail: l10n.t('Shows what an agent does: streams text, reads files, proposes an edit and asks for permission.'),
    },
    {
      provider: 'acp',
      label: `$(terminal) ${l10n.t('Any ACP agent')}`,
      description: l10n.t('by its command line'),
      detail: l10n.t('Any program that speaks the Agent Client Protocol on its standard input and output.'),
    },
  ];
}

function programDetail(name: keyof typeof knownPrograms, found: InstalledProgram | null): string {
  if (!found) return l10n.t('Not on your PATH. Install it with: {0}', knownPrograms[name].install);
  return found.version === null ? l10n.t('Installed: {0}', found.file) : l10n.t('Installed: version {0}, {1}', found.version, found.file);
}

async function askCommand(): Promise<string[] | undefined> {
  const line = await window.showInputBox({
    title: l10n.t('Add Agent'),
    prompt: l10n.t('Program and arguments, as in a terminal. Nothing is expanded.'),
    placeHolder: 'my-agent --acp',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const words = splitCommandLine(value);
      if (!words) return l10n.t('A quote is not closed.');
      return words.length === 0 ? l10n.t('Type the program that speaks ACP.') : undefined;
    },
  });
  return line === undefined ? undefined : splitCommandLine(line);
}

async function askName(host: CommandHost, project: Project, provider: Provider): Promise<string | undefined> {
  const taken = agentsOf(host.fleet.state, project.id).map((agent) => agent.name);
  const name = await window.showInputBox({
    title: l10n.t('Add Agent'),
    prompt: l10n.t('A name for the agent in {0}', project.name),
    value: freeName(provider === 'acp' ? 'agent' : provider, taken),
    ignoreFocusOut: true,
    validateInput: (value) => nameProblem(value.trim(), taken),
  });
  return name?.trim();
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!name) return l10n.t('Type a name.');
  if (name.length > limits.nameChars) return l10n.t('At most {0} characters.', limits.nameChars);
  return taken.includes(name) ? l10n.t('An agent of this project has that name.') : undefined;
}
