/** Whether the programs of the agents that there are can be found, are of a version that was tried, and have their keys. Pure. */
import type { Agent } from '../protocol/agent.ts';
import type { CatalogueEntry } from '../protocol/catalogue.ts';
import { type Diagnosis, diagnosis, someOf } from './finding.ts';

export type AgentFacts = { readonly agents: readonly Agent[]; readonly catalogue: readonly CatalogueEntry[] };

export function judgeAgents({ agents, catalogue }: AgentFacts): Diagnosis[] {
  const used = catalogue.flatMap((entry) => {
    const users = agents.filter((agent) => isOf(agent, entry));
    return users.length > 0 ? judgeProgram(entry, users) : [];
  });
  const waiting = agents.filter(({ state }) => state === 'waitingForCredentials');
  return [...used, ...(waiting.length > 0 ? [lacking(waiting)] : [])];
}

/** An ACP agent names its program itself; the others are known by their provider, unless a person gave them another. */
function isOf({ provider, command }: Agent, entry: CatalogueEntry): boolean {
  if (provider !== 'acp') return entry.kind === provider && command.length === 0;
  const program = command[0]?.split('/').at(-1);
  return entry.provider === 'acp' && entry.command[0]?.split('/').at(-1) === program;
}

function judgeProgram({ name, kind, installation, triedWith, install }: CatalogueEntry, users: readonly Agent[]): Diagnosis[] {
  const id = `agents.${kind}` as const;
  const of = `of ${someOf(users.map((agent) => agent.name))}`;
  if (installation.state === 'builtIn') return [];
  if (installation.state === 'missing') {
    const todo = install === null ? [] : [{ run: install }];
    return [diagnosis(id, 'problem', `${name}, the program ${of}, was not found on the PATH of this command.`, { todo })];
  }
  if (installation.state === 'writable') {
    const todo = [{ say: 'Install it where no agent can write.' }];
    return [diagnosis(id, 'warning', `${name}, the program ${of}, lies where agents can write (${installation.file}).`, { todo })];
  }
  const { version } = installation;
  if (version === null) return [diagnosis(id, 'note', `${name}, the program ${of}, did not say its version.`)];
  if (triedWith !== null && majorOf(version) !== majorOf(triedWith)) {
    const why = 'What it says and asks may have changed since; if an agent misbehaves, this is the first suspect.';
    return [
      diagnosis(id, 'warning', `${name} ${version} ${of} is another major version than the one that was tried (${triedWith}).`, { why }),
    ];
  }
  const tried = triedWith === null ? 'it was never tried' : `it was tried with ${triedWith}`;
  return [diagnosis(id, triedWith === null ? 'note' : 'ok', `${name} ${version} ${of} is installed; ${tried}.`)];
}

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}

function lacking(agents: readonly Agent[]): Diagnosis {
  const what = `${someOf(agents.map(({ name }) => name))} ${agents.length === 1 ? 'waits' : 'wait'} for a key or login.`;
  const todo = [{ say: 'Open a window that has the key, or give it to the backend:' }, { run: 'agor secret list' }];
  return diagnosis('secrets.lacking', 'warning', what, { todo });
}
