/** What this machine has to fence agents in with, and what the backend's own trial of it found. Pure. */
import type { SandboxState } from '../protocol/sandbox.ts';
import { type Diagnosis, diagnosis } from './finding.ts';
import type { MachineFacts, UserNamespaces } from './machine-facts.ts';

type Facts = Pick<MachineFacts, 'platform' | 'bubblewrap' | 'landlock' | 'userNamespaces'> & {
  /** Null while nobody has tried it. */
  readonly tried: SandboxState | null;
  readonly isBackendThere: boolean;
};

const why = 'Without a full fence an agent can reach more than its project; which, is said on each agent.';

export function judgeSandbox({ tried, isBackendThere, ...machine }: Facts): Diagnosis[] {
  if (machine.platform !== 'linux') {
    const todo = [{ say: 'A Linux virtual machine or container around the editor gives one.' }];
    return [
      diagnosis('sandbox.platform', 'warning', `There is no sandbox on ${machine.platform} yet: agents run without a fence.`, {
        why,
        todo,
      }),
    ];
  }
  return [...partsFound(machine), ...trialFound(tried, isBackendThere ? ' by the backend yet' : ', because no backend runs')];
}

function partsFound({ bubblewrap, landlock, userNamespaces }: Omit<Facts, 'tried' | 'platform' | 'isBackendThere'>): Diagnosis[] {
  const found: Diagnosis[] = [];
  if (bubblewrap === null)
    found.push(
      diagnosis('sandbox.bubblewrap', 'warning', 'Bubblewrap is not installed.', { why, todo: [{ run: 'sudo apt install bubblewrap' }] }),
    );
  if (landlock === false) {
    const todo = [{ say: 'Add landlock to the boot parameter lsm=.' }];
    found.push(diagnosis('sandbox.landlock', 'warning', 'Landlock is not switched on in this kernel.', { why, todo }));
  }
  const remedy = namespaceRemedies[userNamespaces];
  if (remedy) found.push(diagnosis('sandbox.namespaces', 'warning', remedy.what, { why, todo: [remedy.todo] }));
  return found;
}

const namespaceRemedies: Readonly<Record<UserNamespaces, { what: string; todo: { say: string } | { run: string } } | undefined>> = {
  allowed: undefined,
  unknown: undefined,
  none: { what: 'This machine allows no user namespaces.', todo: { run: 'sudo sysctl user.max_user_namespaces=15000' } },
  unprivilegedOff: {
    what: 'Ordinary users may not make user namespaces here.',
    todo: { run: 'sudo sysctl kernel.unprivileged_userns_clone=1' },
  },
  appArmor: {
    what: 'AppArmor keeps programs without a profile from making user namespaces.',
    todo: { say: 'Give /usr/bin/bwrap an AppArmor profile with the rule "userns,".' },
  },
};

function trialFound(tried: SandboxState | null, whyNot: string): Diagnosis[] {
  if (tried === null) {
    const todo = [{ say: 'Have a demo agent started, which tries it:' }, { run: 'agor doctor --boot' }];
    return [diagnosis('sandbox.trial', 'note', `What agents would be fenced in by was not tried out${whyNot}.`, { todo })];
  }
  const by = tried.layers.join(' and ');
  if (tried.files === 'full') return [diagnosis('sandbox.trial', 'ok', `The fence was tried out from inside and is full (${by}).`)];
  const what =
    tried.files === 'partial'
      ? `The fence has gaps: ${tried.gaps.join(' ')}`
      : tried.mode === 'off'
        ? 'The sandbox is switched off in the settings.'
        : 'Agents run without a fence.';
  const todo = tried.remedy === null ? [] : [{ say: tried.remedy }];
  return [diagnosis('sandbox.trial', 'warning', what, { why, todo })];
}
