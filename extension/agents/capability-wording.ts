/** What an agent may ask for, in the person's language. */
import type { Capability, HeldCapability } from '../../server/protocol/capability.ts';
import type { Translate } from '../text/translate.ts';

type Words = { readonly label: string; readonly detail: string };

export function capabilityWords(capability: Capability, t: Translate): Words {
  const words: Readonly<Record<Capability, Words>> = {
    'send-messages': { label: t('Send messages'), detail: t('To agents and to you.') },
    'use-channels': { label: t('Use channels'), detail: t('Write in channels, read them and make them.') },
    'read-mail': { label: t('Read mail'), detail: t('Be given messages, which also starts it, and read its inbox.') },
    'read-histories': { label: t('Read histories'), detail: t('Earlier conversations; a manager all of its team.') },
    'see-team': { label: t('See the team'), detail: t('Who is in it, and how they are.') },
    'read-tasks': { label: t('See tasks'), detail: t('The board, as far as its role sees it.') },
    'add-tasks': { label: t('Add tasks'), detail: t('New ones on the board.') },
    'change-tasks': { label: t('Change tasks'), detail: t('Edit, assign, move, comment and remove, as far as its role may.') },
    'manage-team': { label: t('Manage the team'), detail: t('Register agents and allow contacts.') },
    'be-woken': { label: t('Be woken'), detail: t('By the schedule.') },
  };
  return words[capability];
}

/** What is revoked says since when, and why. */
export function revokedText({ state, revokedAt, reason }: HeldCapability, t: Translate, ago: (at: number) => string): string {
  if (state !== 'revoked' || revokedAt === null) return '';
  return reason === '' ? t('revoked {0}', ago(revokedAt)) : t('revoked {0}: {1}', ago(revokedAt), reason);
}

/** What changes when exactly those are to be had. */
export function capabilityChanges(held: readonly HeldCapability[], wanted: ReadonlySet<Capability>) {
  const named = (state: HeldCapability['state'], isWanted: boolean) =>
    held.filter((one) => one.state === state && wanted.has(one.capability) === isWanted).map(({ capability }) => capability);
  return { revoke: named('granted', false), grant: named('revoked', true) };
}
