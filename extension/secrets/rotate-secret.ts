/** "Rotate Secret": another value, typed once and unseen, for a secret that agents may be running with. None is stopped. */
import { l10n, type QuickPickItem, window } from 'vscode';
import { AgorError } from '../../server/protocol/errors.ts';
import { type Rotation, SecretName } from '../../server/protocol/secret.ts';
import type { CommandHost } from '../command-host.ts';
import { messageText, pickText } from '../text/visible-text.ts';
import { storeText } from './secret-store-kind.ts';
import { rotationText, secretDetail } from './secret-wording.ts';
import type { ListedSecret } from './secrets.ts';

const saidForMs = 8_000;

type SecretItem = QuickPickItem & { readonly secret: ListedSecret };

/** `argument`: the name of the secret, where the person came from something that is about it. */
export async function rotateSecret(host: CommandHost, argument?: unknown): Promise<void> {
  const secret = await chooseSecret(host, SecretName.safeParse(argument).data);
  if (!secret) return;
  // Where systemd keeps it, nobody else writes: the new value is there already, and is read again.
  const isReadAgain = secret.source === 'credentialsDirectory';
  const value = isReadAgain ? undefined : await askNewValue(host, secret);
  if (isReadAgain || value !== undefined) await rotateTo(host, secret.name, value);
}

async function chooseSecret(host: CommandHost, name: string | undefined): Promise<ListedSecret | undefined> {
  const secrets = await host.secrets.listSecrets();
  const named = secrets.find((secret) => secret.name === name);
  if (named) return named;
  if (secrets.length === 0) throw new AgorError('notFound', l10n.t('There is no secret yet. Set one with "Agor: Set Secret".'));
  const items: SecretItem[] = secrets.map((secret) => ({
    secret,
    label: pickText(secret.name),
    detail: secretDetail(secret, host.fleet.state.agents, l10n.t),
  }));
  const placeHolder = l10n.t('Which secret gets another value?');
  return (await window.showQuickPick(items, { title: l10n.t('Rotate Secret (1/2)'), placeHolder }))?.secret;
}

async function askNewValue(host: CommandHost, { name, source }: ListedSecret): Promise<string | undefined> {
  const keeper = source === 'window' ? storeText(host.secrets.storeKind, l10n.t) : l10n.t('Given to the backend at its start.');
  const typed = await window.showInputBox({
    title: l10n.t('Rotate Secret (2/2)'),
    prompt: `${l10n.t('The new value of {0}. Agents that run with the old one get it without being stopped.', name)} ${keeper}`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? l10n.t('Type or paste the value.') : undefined),
  });
  return typed?.trim();
}

/** What could not be kept is not lost: it can be tried again without being typed again, as long as the message is there. */
async function rotateTo(host: CommandHost, name: string, value: string | undefined): Promise<void> {
  try {
    await tellRotated(host, await host.backend.call('secret/rotate', { name, ...(value === undefined ? {} : { value }) }));
  } catch (error) {
    if (!(error instanceof AgorError) || error.code !== 'unavailable') throw error;
    const again = l10n.t('Try Again');
    if ((await window.showErrorMessage(messageText(error.message), again)) === again) await rotateTo(host, name, value);
  }
}

/** Where there is nothing to do it is only said: the notice of it, which every window has, is kept. */
async function tellRotated(host: CommandHost, rotation: Rotation): Promise<void> {
  const restart = l10n.t('Restart When Idle');
  const text = rotationText(rotation, l10n.t);
  const isWaiting = rotation.agents.some(({ takes }) => takes === 'nextStart');
  if (!isWaiting && rotation.isFindable) return void window.setStatusBarMessage(text, saidForMs);
  const answer = await window.showInformationMessage(messageText(text), ...(isWaiting ? [restart] : []));
  if (answer === restart) await host.backend.call('secret/restart', { name: rotation.name });
}
