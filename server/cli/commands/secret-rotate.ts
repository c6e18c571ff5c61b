/** `agor secret rotate`: another value for a secret, typed unseen or read from a descriptor; no agent is stopped for it. */
import type { Command } from 'commander';
import { readDescriptor } from '../../base/read-descriptor.ts';
import type { Rotation, SecretHolder, TakesSecret } from '../../protocol/secret.ts';
import type { Connection } from '../connection.ts';
import { UsageError } from '../exit-codes.ts';
import { type Invocation, run } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { oneLine } from '../printable.ts';
import { readUnseen } from '../read-unseen.ts';

type Options = { readonly fd?: string; readonly readAgain?: boolean; readonly restart?: boolean };

const help = `
The value goes where the old one is kept: into the store of VS Code, which has to be open, or into the memory of the
backend. What systemd keeps is changed there; --read-again takes it up. Claude Code asks for its key again within a
minute, and at once when the old one is refused. Other programs take a key when they start.

Examples:
  agor secret rotate anthropic                        asks for the value, which is not shown
  agor secret rotate anthropic --fd 3 3< <(pass show anthropic)
  agor secret rotate anthropic --read-again --restart`;

export function addSecretRotate(secret: Command): void {
  secret
    .command('rotate <name>')
    .summary('give a secret another value')
    .description('Gives a secret another value. Agents that run with it are handed it and go on.')
    .option('--fd <number>', 'read the value from this descriptor instead of the terminal')
    .option('--read-again', 'take the value that the source has by now')
    .option('--restart', 'start agents again that have the old value, once they are idle')
    .addHelpText('after', help)
    .action(run(rotate));
}

async function rotate(invocation: Invocation, name: string, options: Options): Promise<Outcome> {
  const backend = await invocation.backend();
  const value = options.readAgain ? undefined : await newValue(name, options);
  const rotation = await backend.call('secret/rotate', { name, ...(value === undefined ? {} : { value }) });
  const agents = options.restart ? await restarted(backend, rotation) : rotation.agents;
  return { json: { ...rotation, agents }, lines: () => linesOf({ ...rotation, agents }, options.restart === true) };
}

async function restarted(backend: Connection, { name, agents }: Rotation): Promise<SecretHolder[]> {
  if (!agents.some(({ takes }) => takes === 'nextStart')) return agents;
  return (await backend.call('secret/restart', { name })).agents;
}

async function newValue(name: string, { fd }: Options): Promise<string> {
  const typed = fd === undefined ? await typedValue(name) : await readDescriptor(descriptorOf(fd));
  const value = typed.replace(/\r?\n$/, '');
  if (value === '') throw new UsageError('The new value is empty. Type or give one; the old one stays in use.');
  return value;
}

async function typedValue(name: string): Promise<string> {
  if (process.stdin.isTTY) return readUnseen(process.stdin, `The new value of ${oneLine(name, 100)} (not shown): `);
  throw new UsageError('There is no terminal to type the value in. Give it by a descriptor, as in: --fd 3 3< <(pass show anthropic)');
}

function descriptorOf(fd: string): number {
  if (/^[0-9]{1,4}$/.test(fd)) return Number(fd);
  throw new UsageError('--fd takes the number of a descriptor, and never a value, which would show in the list of processes.');
}

function linesOf({ name, agents, isFindable }: Rotation, isRestarting: boolean): string[] {
  const namesOf = (takes: TakesSecret) =>
    agents.flatMap((holder) => (holder.takes === takes ? [oneLine(holder.agent, 40)] : [])).join(', ');
  const [now, nextStart, whenStarted] = [namesOf('now'), namesOf('nextStart'), namesOf('whenStarted')];
  const later = isRestarting ? 'They are started again once their turn has ended' : 'They take it at their next start';
  return [
    `The secret ${oneLine(name, 100)} has its new value.`,
    ...(now === '' ? [] : [`They have it now: ${now}.`]),
    ...(nextStart === '' ? [] : [`${later}: ${nextStart}.`]),
    ...(whenStarted === '' ? [] : [`They do not run, and take it when they do: ${whenStarted}.`]),
    ...(isFindable ? [] : ['It is too short or too plain to be found in what agents say, so nothing takes it out there.']),
  ];
}
