/** What is said about a secret: who keeps it and who uses it. Pure. */
import type { Agent } from '../server/protocol/agent.ts';
import type { ListedSecret } from './secrets.ts';
import type { Translate } from './translate.ts';
import { pickText } from './visible-text.ts';

export function secretDetail(secret: ListedSecret, agents: readonly Agent[], t: Translate): string {
  return [keeperText(secret, t), ...usersOf(secret.name, agents, t)].join(' ');
}

/** Empty when no agent uses it. */
export function usersOf(secret: string, agents: readonly Agent[], t: Translate): string[] {
  const names = agents.filter(({ secrets }) => secrets.some((use) => use.secret === secret)).map(({ name }) => pickText(name));
  return names.length === 0 ? [] : [t('Used by {0}.', names.join(', '))];
}

function keeperText({ source, isHere }: ListedSecret, t: Translate): string {
  if (source === 'credentialsDirectory') return t('Kept by systemd.');
  if (source === 'descriptor') return t('Given to the backend at its start.');
  return isHere ? t('Kept by VS Code.') : t('Not in the store of this window; another VS Code may keep it.');
}
