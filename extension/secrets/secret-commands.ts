/** Commands about secrets. They show names and times; a value is typed once and never shown. */
import { env, l10n, type QuickPickItem, window, workspace } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import { leastSecretChars, SecretName } from '../../server/protocol/secret.ts';
import type { CommandHost } from '../command-host.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import { rotateSecret } from './rotate-secret.ts';
import { isWeak, storeText } from './secret-store-kind.ts';
import { secretDetail, usersOf } from './secret-wording.ts';
import type { ListedSecret } from './secrets.ts';

type SecretItem = QuickPickItem & { readonly secret?: ListedSecret };
type Action = 'rotate' | 'delete' | 'copyName';

export async function setSecret(host: CommandHost): Promise<void> {
  await askForSecret(host);
}

/** The name that it is kept under; `undefined` when the person changed their mind. */
export async function askForSecret(host: CommandHost, proposed = ''): Promise<string | undefined> {
  await host.secrets.requireKeyring();
  const name = (await askName(proposed))?.trim();
  return name && (await askValue(host, name)) ? name : undefined;
}

export async function deleteSecret(host: CommandHost): Promise<void> {
  const secrets = (await host.secrets.listSecrets()).filter(({ source }) => source === 'window');
  if (secrets.length === 0) throw new AgorError('notFound', l10n.t('There is no secret yet. Set one with "Agor: Set Secret".'));
  const placeHolder = l10n.t('Which secret is deleted?');
  const picked = await window.showQuickPick(itemsOf(host, secrets), { title: l10n.t('Delete Secret'), placeHolder });
  if (picked?.secret) await confirmDelete(host, picked.secret.name);
}

/** In Restricted Mode they are listed, and nothing about them is changed. */
export async function listSecrets(host: CommandHost): Promise<void> {
  const secrets = await host.secrets.listSecrets();
  const add: SecretItem[] = workspace.isTrusted ? [{ label: `$(add) ${l10n.t('Set a secret…')}` }] : [];
  const picked = await window.showQuickPick([...itemsOf(host, secrets), ...add], {
    title: isWeak(host.secrets.storeKind) ? l10n.t('Secrets: weak store') : l10n.t('Secrets'),
    placeHolder: storeText(host.secrets.storeKind, l10n.t),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked?.secret) return actOn(host, picked.secret);
  if (picked) await setSecret(host);
}

async function actOn(host: CommandHost, secret: ListedSecret): Promise<void> {
  const isOurs = secret.source === 'window' && workspace.isTrusted;
  const items: (QuickPickItem & { action: Action })[] = [
    ...(isOurs ? [{ action: 'rotate' as const, label: `$(sync) ${l10n.t('Rotate its value…')}` }] : []),
    ...(isOurs ? [{ action: 'delete' as const, label: `$(trash) ${l10n.t('Delete it…')}` }] : []),
    { action: 'copyName', label: `$(copy) ${l10n.t('Copy its name')}` },
  ];
  const picked = await window.showQuickPick(items, { title: pickText(secret.name) });
  if (picked?.action === 'rotate') await rotateSecret(host, secret.name);
  if (picked?.action === 'delete') await confirmDelete(host, secret.name);
  if (picked?.action === 'copyName') await env.clipboard.writeText(secret.name);
}

async function askName(proposed: string): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Set Secret (1/2)'),
    prompt: l10n.t('A name for it, by which agents use it. One that exists gets a new value.'),
    placeHolder: 'anthropic',
    value: proposed,
    ignoreFocusOut: true,
    validateInput: (value) =>
      SecretName.safeParse(value.trim()).success
        ? undefined
        : l10n.t('A name begins with a letter and has letters, digits, "_", "." and "-". The secret itself is typed in the next step.'),
  });
}

async function askValue(host: CommandHost, name: string): Promise<boolean> {
  const value = await window.showInputBox({
    title: l10n.t('Set Secret (2/2)'),
    prompt: `${l10n.t('The value of {0}.', name)} ${storeText(host.secrets.storeKind, l10n.t)}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? l10n.t('Type or paste the value.') : undefined),
  });
  if (value === undefined) return false;
  await host.secrets.storeSecret(name, value.trim());
  const isShort = value.trim().length < leastSecretChars;
  const warning = isShort
    ? ` ${l10n.t('It has fewer than {0} characters, so it is not taken out of what agents say.', leastSecretChars)}`
    : '';
  void window.showInformationMessage(`${l10n.t('The secret {0} is set. Agents that waited for it go on.', name)}${warning}`);
  return true;
}

async function confirmDelete(host: CommandHost, name: string): Promise<void> {
  const remove = l10n.t('Delete Secret');
  const detail = [
    ...usersOf(name, host.fleet.state.agents, l10n.t),
    l10n.t('Agents that run with it keep it in memory until they are stopped.'),
  ];
  const message = l10n.t('Delete the secret {0}?', name);
  const answer = await window.showWarningMessage(message, { modal: true, detail: detail.join(' ') }, remove);
  if (answer === remove) await host.secrets.deleteSecret(name);
}

function itemsOf(host: CommandHost, secrets: readonly ListedSecret[]): SecretItem[] {
  return secrets.map((secret) => ({
    secret,
    label: pickText(secret.name),
    description: timeAgo(secret.updatedAt, Date.now(), l10n.t),
    detail: secretDetail(secret, host.fleet.state.agents, l10n.t),
  }));
}
