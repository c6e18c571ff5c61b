/** `agor agent add`: a new agent in a project, with the key it is to use. */
import { type Command, Option } from 'commander';
import { type Agent, Provider } from '../../protocol/agent.ts';
import { agentKinds, kindOf } from '../../protocol/agent-kinds.ts';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { shortId } from '../../protocol/ids.ts';
import { localModel, modelUrlFault, usualModelUrl } from '../../protocol/local-model.ts';
import { AgentRole } from '../../protocol/team.ts';
import { installationText } from '../catalogue-text.ts';
import type { Connection } from '../connection.ts';
import { credentialsFor, credentialsText, secretUses, secretUsesText } from '../credentials.ts';
import { projectReference } from '../current-project.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { pathOf } from './catalogue.ts';

type Options = {
  readonly provider?: Provider;
  readonly kind?: CatalogueEntry['kind'];
  readonly project?: string;
  readonly model?: string;
  readonly local?: string;
  readonly localUrl: string;
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

Kinds are the agents of the catalogue (agor catalogue), with provider and command filled in: --kind opencode.

Examples:
  agor agent add demo --provider demo
  agor agent add reviewer --provider claude --model opus
  agor agent add lead --provider claude --role manager
  agor agent add builder --provider claude --secret ANTHROPIC_API_KEY=anthropic
  agor agent add tester --provider codex --secret OPENAI_API_KEY=openai
  agor agent add helper --kind opencode
  agor agent add own --kind opencode --local qwen3:8b
  agor agent add gemini --kind gemini --env GEMINI_API_KEY
  agor agent add other --provider acp --env MY_API_KEY -- my-agent --acp`;

export function addAddCommand(parent: Command): void {
  parent
    .command('add')
    .summary('add an agent to a project')
    .description('Adds an agent to a project: the one named, or the one that contains the current folder.')
    .argument('<name>', 'what to call it')
    .argument('[command...]', 'after --, the program to run and its arguments; needed for acp')
    .addOption(new Option('-k, --kind <kind>', 'which agent of the catalogue it is').choices(agentKinds))
    .addOption(new Option('--provider <provider>', 'how to speak to it, where it is none of the catalogue').choices(Provider.options))
    .option('-p, --project <project>', 'name or id of the project')
    .option('-m, --model <model>', 'the model it is to use, where its program lets one choose')
    .option('-l, --local <model>', 'with --kind opencode: a model of your own server, which needs no account')
    .option('--local-url <url>', 'where that server is', usualModelUrl)
    .option('-e, --env <name...>', 'hand on these variables of your environment; keys and tokens are kept in memory only')
    .option('-s, --secret <variable=name...>', 'fill this variable with a secret that VS Code or a headless source keeps under that name')
    .option('--login', "use the program's own login even where a key is in your environment")
    .addOption(new Option('-r, --role <role>', 'what it is in its team; "project" without').choices(AgentRole.options))
    .addHelpText('after', help)
    .action(run(addAgent));
}

async function addAgent(invocation: Invocation, name: string, typed: string[], options: Options): Promise<Outcome> {
  const { login } = options;
  checkChoice(typed, options);
  const { model, environment } = localOf(options);
  const uses = secretUses(options.secret ?? []);
  if (login && uses.length > 0) throw new UsageError('--login and --secret exclude each other. Give one of them.');
  const project = await projectReference(invocation, options.project);
  const backend = await invocation.backend();
  const entry = await entryFor(backend, invocation, { typed, options });
  const { provider } = entry;
  const command = typed.length > 0 ? typed : options.kind === undefined ? [] : entry.command;
  const credentials = credentialsFor(provider, { env: invocation.env, names: options.env ?? [], login: login || uses.length > 0 });
  const agent = await backend.call('agent/add', {
    project,
    name,
    provider,
    ...(command.length > 0 ? { command } : {}),
    ...(model === undefined ? {} : { model }),
    ...pathOf(invocation),
    environment: { ...environment, ...credentials.environment },
    secrets: credentials.secrets,
    ...(uses.length > 0 ? { secretUses: uses } : {}),
  });
  if (options.role !== undefined) await backend.call('team/configure', { agent: agent.id, role: options.role });
  const said = uses.length > 0 ? secretUsesText(uses, await keptNames(backend)) : credentialsText(provider, credentials);
  const isKeyless = options.local === undefined && uses.length === 0 && Object.keys(credentials.secrets).length === 0;
  const about = [...programText(entry, typed), ...(isKeyless ? keyText(entry) : [])];
  return { json: agent, lines: () => [addedText(agent), ...about, ...said, nextText(agent)] };
}

function checkChoice(typed: readonly string[], { provider, kind }: Options): void {
  if ((provider === undefined) === (kind === undefined)) {
    throw new UsageError('Say which agent it is: with --kind for one of the catalogue (agor catalogue), or else with --provider.');
  }
  if ((provider === 'acp' || kind === 'command') && typed.length === 0) {
    throw new UsageError(
      'An acp agent needs its program: put it after --, for example: agor agent add name --provider acp -- my-agent --acp',
    );
  }
  if (kind !== undefined && kind !== 'command' && typed.length > 0) {
    throw new UsageError(
      `The catalogue has the command of ${kind}. For a command of your own use --provider, for example: --provider acp --`,
    );
  }
}

function localOf({ kind, model, local, localUrl }: Options): { model: string | undefined; environment: Readonly<Record<string, string>> } {
  if (local === undefined) return { model, environment: {} };
  if (kind !== 'opencode') throw new UsageError('A model of your own server is for OpenCode: give --kind opencode with --local.');
  if (model !== undefined) throw new UsageError('--local names the model already. Leave --model out.');
  const fault = modelUrlFault(localUrl);
  if (fault !== undefined) throw new UsageError(fault);
  return localModel(localUrl, local);
}

type Choice = { readonly typed: readonly string[]; readonly options: Options };

async function entryFor(backend: Connection, invocation: Invocation, { typed, options }: Choice): Promise<CatalogueEntry> {
  const wanted = options.kind ?? kindOf(options.provider ?? 'acp', typed);
  const { entries } = await backend.call('catalogue/list', pathOf(invocation));
  const entry = entries.find(({ kind }) => kind === wanted);
  if (!entry) throw new UsageError(`The backend has no "${wanted}" in its catalogue. Update it, or give the program with --provider.`);
  return entry;
}

async function keptNames(backend: Connection): Promise<ReadonlySet<string>> {
  const { secrets } = await backend.call('secret/list', {});
  return new Set(secrets.map(({ name }) => name));
}

/** Whether its program is there; it may also be installed later. A command that was typed is the person's own affair. */
function programText(entry: CatalogueEntry, typed: readonly string[]): string[] {
  return typed.length > 0 || entry.installation.state === 'builtIn' ? [] : [installationText(entry)];
}

/** For ACP no key is taken from the environment by itself: which of several it is to have, the person says. */
function keyText({ provider, kind, keys, login }: CatalogueEntry): string[] {
  const [key] = keys;
  if (provider !== 'acp' || key === undefined) return [];
  const ways = `hand a key on with --env ${key}, or name a secret with --secret ${key}=<name>`;
  const local = kind === 'opencode' ? ' A model of your own server needs neither: --local <model>.' : '';
  return [`It uses the login of its own program${login === null ? '' : ` (${login})`}; to give it a key, ${ways}.${local}`];
}

function addedText({ name, id, provider }: Agent): string {
  return `Added the ${provider} agent ${oneLine(name)} (${shortId(id)}).`;
}

function nextText({ name }: Agent): string {
  return `Talk to it with: agor agent prompt ${oneLine(name)} "hello" --wait`;
}
