/** Secrets between windows, agents and the person: who keeps them, and who is told of one that leaked or was rotated. */
import type { AgentsFeature } from '../agents/compose.ts';
import { within } from '../base/within.ts';
import type { ClientDoor } from '../control/client-door.ts';
import type { Fact, Notices } from '../notices/notices.ts';
import { AgorError } from '../protocol/errors.ts';
import type { SecretHolder } from '../protocol/secret.ts';
import type { SecretsSetup } from '../secrets/compose.ts';
import type { Rotations } from '../secrets/rotations.ts';
import { rotatedFact, withheldFacts } from './notice-facts.ts';

export type SecretKeepers = Pick<SecretsSetup, 'askWindows' | 'storeInWindows'>;

type LeakParts = {
  readonly agents: AgentsFeature;
  readonly rotations: Rotations;
  readonly notices: Notices;
  readonly warn: (message: string, fields: Record<string, unknown>) => void;
};

/** A keyring that is locked asks the person first. */
const storeTimeoutMs = 60_000;

export function keepersOf(clients: () => ClientDoor): SecretKeepers {
  return {
    async askWindows(name) {
      const answer = await clients().askWindows('secret/read', { name }, ({ value }) => value !== null);
      return answer?.value ?? null;
    },
    storeInWindows: (name, value) => storeInWindows(clients(), name, value),
  };
}

/** Each window that keeps it gets the new value, because each may be the one that is asked the next time. */
async function storeInWindows(clients: ClientDoor, name: string, value: string): Promise<boolean> {
  const asked = clients.askEach('secret/store', { name, value });
  if (!(await within(asked, storeTimeoutMs)))
    throw new AgorError(
      'cancelled',
      `VS Code did not say in time whether it keeps the new value of "${name}". Rotate it again to be sure.`,
    );
  const answers = await asked;
  if (answers.some((answer) => answer.status === 'fulfilled' && answer.value.stored)) return true;
  const refusal = answers.find((answer) => answer.status === 'rejected');
  if (refusal) throw new AgorError('unavailable', sentenceOf(refusal.reason));
  return false;
}

function sentenceOf(reason: unknown): string {
  return reason instanceof Error && reason.message !== '' ? reason.message : 'VS Code could not keep the new value.';
}

/** What an earlier backend was cut off in; what nobody has the value of waits for a window that has it. */
export function resumeRotations(rotations: Rotations, warn: LeakParts['warn']): void {
  rotations.resume().catch((err: unknown) => warn('a rotation that was cut off could not be finished', { err }));
}

/** A secret that was taken out of an agent's words has its audit row and its place in the transcript with the event; this goes by key. */
export function noticeLeaks({ agents, rotations, notices, warn }: LeakParts): void {
  const raise = (facts: () => readonly Fact[]) => {
    try {
      for (const fact of facts()) notices.raise(fact);
    } catch (err) {
      warn('a notice was not kept', { err });
    }
  };
  agents.events.heard.on(({ agentId, event, at }) => {
    if (event.type !== 'secretWithheld' || !agents.registry.has(agentId)) return;
    raise(() => withheldFacts({ id: agentId, name: agents.registry.get(agentId).name }, event.withheld, at));
  });
  rotations.done.on(({ name, actor, at, agents: holders }) => {
    const namesOf = (takes: SecretHolder['takes']) =>
      holders.flatMap((holder) => (holder.takes === takes ? [holder.agent] : [])).join(', ');
    raise(() => [rotatedFact({ secret: name, by: actor, told: namesOf('now'), waiting: namesOf('nextStart') }, at)]);
  });
}
