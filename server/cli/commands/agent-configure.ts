/** `agor agent configure`: changes how an agent is run from its next start on. */
import { type Command, Option } from 'commander';
import type { Agent } from '../../protocol/agent.ts';
import { NetworkAccess, SandboxMode } from '../../protocol/sandbox.ts';
import { findAgent } from '../agent-reference.ts';
import { secretUses, secretUsesText } from '../credentials.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';

const asSettings = 'default';

type OrDefault<T> = T | typeof asSettings;
type Options = {
  readonly project?: string;
  readonly model?: string;
  readonly sandbox?: OrDefault<SandboxMode>;
  readonly network?: OrDefault<NetworkAccess>;
  readonly secret?: string[];
  readonly login?: boolean;
};

const help = `
What is not named stays as it is. "default" goes back to what the settings say, or to the program's own model.

Examples:
  agor agent configure reviewer --secret ANTHROPIC_API_KEY=anthropic
  agor agent configure reviewer --login
  agor agent configure reviewer --model opus --sandbox required`;

export function addConfigureCommand(parent: Command): void {
  parent
    .command('configure')
    .summary('change how an agent is run')
    .description('Changes how an agent is run. It counts from the next start of its program.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .option('-m, --model <model>', 'the model it is to use')
    .addOption(new Option('--sandbox <mode>', 'how its program is fenced in').choices([...SandboxMode.options, asSettings]))
    .addOption(new Option('--network <access>', 'what its program may connect to').choices([...NetworkAccess.options, asSettings]))
    .option('-s, --secret <variable=name...>', 'fill these variables, and no others, with secrets kept under those names')
    .option('--login', "use the program's own login again")
    .addHelpText('after', help)
    .action(run(configureAgent));
}

async function configureAgent(invocation: Invocation, typed: string, options: Options): Promise<Outcome> {
  const { model, sandbox, network, login } = options;
  const uses = secretUses(options.secret ?? []);
  if (login && uses.length > 0) throw new UsageError('--login and --secret exclude each other. Give one of them.');
  const change = {
    ...(model === undefined ? {} : { model: orNull(model) }),
    ...(sandbox === undefined ? {} : { sandboxMode: orNull(sandbox) }),
    ...(network === undefined ? {} : { network: orNull(network) }),
    ...(login || uses.length > 0 ? { secretUses: uses } : {}),
  };
  if (Object.keys(change).length === 0) throw new UsageError('Name what is to change; "agor agent configure --help" says what can.');
  const { id } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const agent = await backend.call('agent/configure', { agent: id, ...change });
  const { secrets } = await backend.call('secret/list', {});
  const said = secretUsesText(uses, new Set(secrets.map(({ name }) => name)));
  return { json: agent, lines: () => [`Changed ${oneLine(agent.name)}.`, ...said, ...restartText(agent)] };
}

function orNull<T extends string>(given: OrDefault<T>): T | null {
  return given === asSettings ? null : given;
}

function restartText({ runtime, name }: Agent): string[] {
  return runtime === null ? [] : [`It runs now and goes on as it was; to change it at once: agor agent restart ${oneLine(name)}`];
}
