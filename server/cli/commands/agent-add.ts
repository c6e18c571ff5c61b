/** `agor agent add`: a new agent in a project, with the key it is to use. */
import { type Command, Option } from 'commander';
import { installedProgram, knownPrograms } from '../../launch/installed-program.ts';
import { type Agent, Provider } from '../../protocol/agent.ts';
import { shortId } from '../../protocol/ids.ts';
import { AgentRole } from '../../protocol/team.ts';
import type { Connection } from '../connection.ts';
import { credentialsFor, credentialsText, secretUses, secretUsesText } from '../credentials.ts';
import { projectReference } from '../current-project.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';

type Options = {
  readonly provider: Provider;
  readonly project?: string;
  readonly model?: string;
  readonly env?: string[];
  readonly secret?: string[];
  readonly login?: boolean;
  readonly role?: AgentRole;
};

const help = `
Providers:
  demo     an agent without a model, to try things out; its prompts may contain: long, slow, error, edit, ask, crash
  claude   Claude Code, with its own login. When ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN is in your environment,
           that is used instead (kept in memory only), and ANTHROPIC_BASE_URL goes along; --login prevents it.
           With --secret ANTHROPIC_API_KEY=<name> it asks for its key, which is then not in its environment
  codex    Codex, with its own login. When OPENAI_API_KEY is in your environment, that is used instead (kept in memory
           only), and OPENAI_BASE_URL goes along; --login prevents it
  acp      any program that speaks the Agent Client Protocol; give it after --

Examples:
  agor agent add demo --provider demo
  agor agent add reviewer --provider claude --model opus
  agor agent add lead --provider claude --role manager
  agor agent add builder --provider claude --secret ANTHROPIC_API_KEY=anthropic
  agor agent add tester --provider codex --secret OPENAI_API_KEY=openai
  agor agent add gemini --provider acp --env GEMINI_API_KEY -- gemini --experimental-acp`;

export function addAddCommand(parent: Command): void {
  parent
    .command('add')
    .summary('add an agent to a project')
    .description('Adds an agent to a project: the one named, or the one that contains the current folder.')
    .argument('<name>', 'what to call it')
    .argument('[command...]', 'after --, the program to run and its arguments; needed for acp')
    .addOption(new Option('--provider <provider>', 'how to speak to it').choices(Provider.options).makeOptionMandatory())
    .option('-p, --project <project>', 'name or id of the project')
    .option('-m, --model <model>', 'the model it is to use, where its program lets one choose')
    .option('-e, --env <name...>', 'hand on these variables of your environment; keys and tokens are kept in memory only')
    .option('-s, --secret <variable=name...>', 'fill this variable with a secret that VS Code or a headless source keeps under that name')
    .option('--login', "use the program's own login even where a key is in your environment")
    .addOption(new Option('-r, --role <role>', 'what it is in its team; "project" without').choices(AgentRole.options))
    .addHelpText('after', help)
    .action(run(addAgent));
}

async function addAgent(invocation: Invocation, name: string, command: string[], options: Options): Promise<Outcome> {
  const { provider, model, login } = options;
  if (provider === 'acp' && command.length === 0) {
    throw new UsageError(
      'An acp agent needs its program: put it after --, for example: agor agent add name --provider acp -- my-agent --acp',
    );
  }
  const uses = secretUses(options.secret ?? []);
  if (login && uses.length > 0) throw new UsageError('--login and --secret exclude each other. Give one of them.');
  const credentials = credentialsFor(provider, { env: invocation.env, names: options.env ?? [], login: login || uses.length > 0 });
  const project = await projectReference(invocation, options.project);
  const backend = await invocation.backend();
  const agent = await backend.call('agent/add', {
    project,
    name,
    provider,
    ...(command.length > 0 ? { command } : {}),
    ...(model === undefined ? {} : { model }),
    ...(invocation.env.PATH ? { path: invocation.env.PATH } : {}),
    environment: credentials.environment,
    secrets: credentials.secrets,
    ...(uses.length > 0 ? { secretUses: uses } : {}),
  });
  if (options.role !== undefined) await backend.call('team/configure', { agent: agent.id, role: options.role });
  const said = uses.length > 0 ? secretUsesText(uses, await keptNames(backend)) : credentialsText(provider, credentials);
  const program = command.length === 0 ? await programText(provider, invocation.env) : [];
  return { json: agent, lines: () => [addedText(agent), ...program, ...said, nextText(agent)] };
}

async function keptNames(backend: Connection): Promise<ReadonlySet<string>> {
  const { secrets } = await backend.call('secret/list', {});
  return new Set(secrets.map(({ name }) => name));
}

/** Whether its program is there; it may also be installed later. */
async function programText(provider: Provider, env: NodeJS.ProcessEnv): Promise<string[]> {
  if (provider !== 'claude' && provider !== 'codex') return [];
  const { program, install } = knownPrograms[provider];
  const found = await installedProgram(knownPrograms[provider], env);
  if (!found) return [`There is no "${program}" on your PATH. Install it with: ${install}`];
  return [`Its program is ${oneLine(found.file, 4096)}${found.version === null ? '' : `, version ${oneLine(found.version)}`}.`];
}

function addedText({ name, id, provider }: Agent): string {
  return `Added the ${provider} agent ${oneLine(name)} (${shortId(id)}).`;
}

function nextText({ name }: Agent): string {
  return `Talk to it with: agor agent prompt ${oneLine(name)} "hello" --wait`;
}
