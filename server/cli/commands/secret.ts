/** `agor secret`: which secrets there are and who keeps them; never what they are. */
import type { Command } from 'commander';
import type { Agent } from '../../protocol/agent.ts';
import type { SecretSource } from '../../protocol/secret.ts';
import { group } from '../command-group.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { table } from '../table.ts';
import { agoText } from '../time-text.ts';
import { addSecretRotate } from './secret-rotate.ts';

const sourceTexts: Readonly<Record<SecretSource, string>> = {
  window: 'VS Code',
  credentialsDirectory: 'systemd',
  descriptor: 'the backend, in memory',
};

const help = `
Values are kept by VS Code, where "Agor: Set Secret", "Agor: Rotate Secret" and "Agor: Delete Secret" change them, and are asked for when an
agent starts; no command takes one as an argument. Without a window a value comes from

  $CREDENTIALS_DIRECTORY/<name>          systemd: LoadCredentialEncrypted= of the unit that runs the backend
  backend.js <data folder> --secrets-fd 3    a JSON object of names and values, given to the backend once at its start
  agor agent start <agent> --secret-fd 3 3< <(pass show anthropic)    for one agent, until its process ends

Examples:
  agor secret list
  agor agent add builder --provider claude --secret ANTHROPIC_API_KEY=anthropic`;

export function addSecretCommands(program: Command): void {
  const secret = group(program, { name: 'secret', description: 'Secrets: which there are, and who keeps them.' }).addHelpText(
    'after',
    help,
  );
  secret
    .command('list')
    .summary('list names and times of secrets')
    .description('Lists the names of secrets, when each was last changed, who keeps it and which agents use it.')
    .action(run(listSecrets));
  addSecretRotate(secret);
}

async function listSecrets(invocation: Invocation): Promise<Outcome> {
  const backend = await invocation.backend();
  const [{ secrets }, { agents }] = await Promise.all([backend.call('secret/list', {}), backend.call('agent/list', {})]);
  const rows = secrets.map(({ name, updatedAt, source }) => [
    name,
    agoText(updatedAt, invocation.now),
    sourceTexts[source],
    usersOf(name, agents).join(', '),
  ]);
  const lines = () =>
    rows.length === 0
      ? ['There is no secret yet. "agor secret --help" says how to set one.']
      : table(['NAME', 'CHANGED', 'KEPT BY', 'USED BY'], rows);
  return { json: { secrets }, lines };
}

function usersOf(secret: string, agents: readonly Agent[]): string[] {
  return agents.filter(({ secrets }) => secrets.some((use) => use.secret === secret)).map(({ name }) => oneLine(name, 40));
}
