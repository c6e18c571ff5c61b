/** What an agent lacks of the keys it is to be started with, and what a person can do about it. Pure. */
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { AgentRecord } from './agent-store.ts';

export type CredentialLack = {
  /** In a few words, beside the agent. */
  readonly short: string;
  readonly message: string;
};

type Needs = Pick<AgentRecord, 'credentials' | 'secretUses' | 'name' | 'provider'>;

/** `given`: what is at hand, by variable. */
export function credentialLack(agent: Needs, given: Readonly<Record<string, string>>): CredentialLack | undefined {
  if (agent.credentials === 'environment') return Object.keys(given).length === 0 ? environmentLack(agent) : undefined;
  if (agent.credentials === 'login') return undefined;
  const missing = agent.secretUses.filter(({ variable }) => given[variable] === undefined).map(({ secret }) => `"${secret}"`);
  return missing.length > 0 ? secretLack(agent, [...new Set(missing)].join(' and ')) : undefined;
}

/** The model's service did not take it in a turn: it is wrong, has expired or was revoked. */
export function refusedKey({ name, credentials, secretUses }: Needs): CredentialLack {
  const keys = [...new Set(secretUses.map(({ secret }) => `"${secret}"`))].join(' and ');
  const which = credentials === 'secret' ? `the secret ${keys}` : 'its key';
  const how =
    credentials === 'secret'
      ? `Rotate it with "Agor: Rotate Secret" or "agor secret rotate"`
      : `Run "agor agent start ${name}" where another is in the environment`;
  return {
    short: `Its key was refused: ${credentials === 'secret' ? `rotate ${which}` : 'start it with another'}`,
    message: `The model's service refused the key of the agent "${name}", ${which}. ${how}; its prompts wait.`,
  };
}

function environmentLack({ name, provider }: Needs): CredentialLack {
  const how = provider === 'claude' ? 'where ANTHROPIC_API_KEY is set' : 'with the --env that it was added with';
  return {
    short: 'Needs its key: start it where the key is in the environment',
    message: `The agent "${name}" needs its key, which is kept in memory only. Run "agor agent start ${name}" ${how}; its prompts wait.`,
  };
}

function secretLack({ name }: Needs, missing: string): CredentialLack {
  return {
    short: `Needs the secret ${missing}, which no open window has`,
    message:
      `The agent "${name}" needs the secret ${missing}, which no open window and no other source has. ` +
      `Set it in VS Code with "Agor: Set Secret", or give it with "agor agent start ${name} --secret-fd 0"; its prompts wait.`,
  };
}

/** What a program's own login lacks is for the person to settle with that program; a key that is good is not asked for anew. */
export function isKeyRefused(event: AgentEvent, { credentials }: Pick<AgentRecord, 'credentials'>): boolean {
  if (event.type !== 'turnEnded' || event.failure?.type !== 'auth') return false;
  return credentials !== 'login' && event.failure.because !== 'forbidden';
}
