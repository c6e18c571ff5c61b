/** What a new agent must have, checked before anything is kept. Pure. */
import type { CredentialSource } from '../protocol/agent.ts';
import { AgorError, limits } from '../protocol/errors.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { Params } from '../protocol/requests.ts';
import { agentNameFault } from '../protocol/team.ts';
import type { AgentRecord } from './agent-store.ts';

type Place = { readonly id: AgentId; readonly projectId: ProjectId; readonly createdAt: number };

export function newAgent(params: Params<'agent/add'>, place: Place): AgentRecord {
  const { name, provider, command = [], model = null, environment = {}, path = null, secrets = {}, secretUses = [] } = params;
  const { sandboxMode = null, network = null } = params;
  const fault = agentNameFault(name);
  if (fault !== null) throw new AgorError('badRequest', fault);
  if (provider === 'acp' && command.length === 0) {
    throw new AgorError('badRequest', 'An ACP agent needs the command that starts it, for example: -- opencode acp.');
  }
  const hasBoth = secretUses.length > 0 && Object.keys(secrets).length > 0;
  if (hasBoth) throw new AgorError('badRequest', 'An agent gets its key from named secrets or from the environment, not from both.');
  const credentials = credentialSource(params);
  const own = { name, provider, command, model, environment, path, credentials, secretUses, sandboxMode, network };
  return { ...place, ...own, paused: false, sessionId: null };
}

function credentialSource({ secrets = {}, secretUses = [] }: Pick<Params<'agent/add'>, 'secrets' | 'secretUses'>): CredentialSource {
  if (secretUses.length > 0) return 'secret';
  return Object.keys(secrets).length > 0 ? 'environment' : 'login';
}

export function checkPrompt(text: string): void {
  if (text.trim() === '') throw new AgorError('badRequest', 'The prompt is empty. Write what the agent should do.');
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= limits.promptBytes) return;
  const megabytes = (bytes / 1024 / 1024).toFixed(1);
  throw new AgorError(
    'tooLarge',
    `The prompt has ${megabytes} MiB; at most ${limits.promptBytes / 1024 / 1024} MiB is accepted. Put the text into a file of the project and name the file.`,
  );
}
