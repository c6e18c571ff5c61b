/** What is said about a secret: who keeps it and who uses it. Pure. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { Rotation, TakesSecret } from '../../server/protocol/secret.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';
import type { ListedSecret } from './secrets.ts';

export function secretDetail(secret: ListedSecret, agents: readonly Agent[], t: Translate): string {
  return [keeperText(secret, t), ...usersOf(secret.name, agents, t)].join(' ');
}

/** Empty when no agent uses it. */
export function usersOf(secret: string, agents: readonly Agent[], t: Translate): string[] {
  const names = agents.filter(({ secrets }) => secrets.some((use) => use.secret === secret)).map(({ name }) => pickText(name));
  return names.length === 0 ? [] : [t('Used by {0}.', names.join(', '))];
}

/** What a rotation has come to, for each agent that uses the secret. */
export function rotationText({ name, agents, isFindable }: Rotation, t: Translate): string {
  const namesOf = (takes: TakesSecret) => agents.flatMap((holder) => (holder.takes === takes ? [pickText(holder.agent)] : [])).join(', ');
  const [now, nextStart] = [namesOf('now'), namesOf('nextStart')];
  return [
    t('The secret {0} has its new value.', name),
    ...(now === '' ? [] : [t('Agents that have it now: {0}.', now)]),
    ...(nextStart === '' ? [] : [t('Agents that take it at their next start: {0}.', nextStart)]),
    ...(isFindable ? [] : [t('It is too short or too plain to be found in what agents say, so nothing takes it out there.')]),
  ].join(' ');
}

function keeperText({ source, isHere }: ListedSecret, t: Translate): string {
  if (source === 'credentialsDirectory') return t('Kept by systemd.');
  if (source === 'descriptor') return t('Given to the backend at its start.');
  return isHere ? t('Kept by VS Code.') : t('Not in the store of this window; another VS Code may keep it.');
}
