/** `agor team`: who works together, and what each of them is. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Agent } from '../../protocol/agent.ts';
import { shortId } from '../../protocol/ids.ts';
import { type AgentProfile, AgentRole, AutonomousMode, WakeStrategy } from '../../protocol/team.ts';
import { findAgent } from '../agent-reference.ts';
import { group } from '../command-group.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';

const never = 'never';

type ConfigureOptions = {
  readonly project?: string;
  readonly role?: AgentRole;
  readonly description?: string;
  readonly systemPrompt?: string;
  readonly wake?: WakeStrategy | typeof never;
  readonly wakeInterval?: number;
  readonly wakeThreshold?: number;
  readonly stallThreshold?: number;
  readonly autonomy?: AutonomousMode;
};

const help = `
What is not named stays as it is. For an agent that groups.json declares, the file counts again when it is next applied.

Examples:
  agor team configure lead --role manager --wake smart
  agor team configure lead --wake-interval 10 --wake-threshold 0.7
  agor team configure builder --stall-threshold 30`;

export function addTeamCommands(program: Command): void {
  const team = group(program, { name: 'team', description: 'Teams: who works together, in which role.' });
  team.command('list').summary('list the teams and their agents').description('Lists the teams and their agents.').action(run(listTeams));
  team
    .command('configure')
    .summary('change what an agent is in its team')
    .description('Changes what an agent is in its team: its role, when it is woken, when it counts as stalled.')
    .argument('<agent>', 'name or id')
    .option('-p, --project <project>', 'the project the agent is in, where its name is used in several')
    .addOption(new Option('-r, --role <role>', 'what it does, and may do on the board').choices(AgentRole.options))
    .option('--description <text>', 'what it is for, in a sentence; its teammates read it')
    .option('--system-prompt <text>', 'what it is told in its first prompt, beside its role and team')
    .addOption(new Option('--wake <strategy>', 'how a manager is woken').choices([...WakeStrategy.options, never]))
    .option('--wake-interval <minutes>', 'how often it is woken', asNumber)
    .option('--wake-threshold <score>', 'from 0 to 1: from which score "smart" wakes it', asNumber)
    .option('--stall-threshold <minutes>', 'after how many silent minutes it counts as stalled', asNumber)
    .addOption(new Option('--autonomy <mode>', 'whether it asks before it decides').choices(AutonomousMode.options))
    .addHelpText('after', help)
    .action(run(configureAgent));
}

async function listTeams(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const found = await backend.call('team/list', {});
  const { agents } = await backend.call('agent/list', {});
  const teamNames = new Map(found.teams.map(({ id, name }) => [id, name]));
  const rows = found.profiles.map((profile) => profileRow(profile, agents, teamNames.get(profile.teamId) ?? ''));
  const lines = () =>
    rows.length === 0
      ? ['There is no team yet. Add an agent, or declare a group: agor group --help']
      : table(['TEAM', 'AGENT', 'ID', 'ROLE', 'TIER', 'WAKE', 'STALLED AFTER', ''], rows);
  return { json: found, lines };
}

function profileRow(profile: AgentProfile, agents: readonly Agent[], team: string): string[] {
  const { agentId, role, tier, wakeStrategy, wakeIntervalMin, stallThresholdMin, enabled } = profile;
  const name = agents.find(({ id }) => id === agentId)?.name ?? '';
  const wake = wakeStrategy === null ? never : `${wakeStrategy}, ${wakeIntervalMin} min`;
  const row = [oneLine(team, 40), oneLine(name, 40), shortId(agentId), role, String(tier), wake];
  return [...row, `${stallThresholdMin} min`, enabled ? '' : 'disabled'];
}

async function configureAgent(invocation: Invocation, typed: string, options: ConfigureOptions): Promise<Outcome> {
  const { role, description, systemPrompt, wake, wakeInterval, wakeThreshold, stallThreshold, autonomy } = options;
  const change = {
    ...(role === undefined ? {} : { role }),
    ...(description === undefined ? {} : { description }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    ...(wake === undefined ? {} : { wakeStrategy: wake === never ? null : wake }),
    ...(wakeInterval === undefined ? {} : { wakeIntervalMin: wakeInterval }),
    ...(wakeThreshold === undefined ? {} : { wakeThreshold }),
    ...(stallThreshold === undefined ? {} : { stallThresholdMin: stallThreshold }),
    ...(autonomy === undefined ? {} : { autonomousMode: autonomy }),
  };
  if (Object.keys(change).length === 0) throw new UsageError('Name what is to change; "agor team configure --help" says what can.');
  const { id, name } = await findAgent(invocation, typed, options);
  const backend = await invocation.backend();
  const profile = await backend.call('team/configure', { agent: id, ...change });
  return { json: profile, lines: () => [changedText(oneLine(name), profile)] };
}

function changedText(name: string, { role, tier, memberKey }: AgentProfile): string {
  const returns = memberKey === null ? '' : ' It is declared in groups.json, which counts again when it is next applied.';
  return `${name} is ${role} now (tier ${tier}).${returns}`;
}

function asNumber(typed: string): number {
  const value = Number(typed);
  if (typed.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}
