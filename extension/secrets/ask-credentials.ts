/** Asks where an agent gets its key: the login of its program, or a secret kept by VS Code. */
import { commands, l10n, type QuickPickItem, window } from 'vscode';
import { type AgentKind, kindFacts, kindOf } from '../../server/protocol/agent-kinds.ts';
import { SecretUse } from '../../server/protocol/secret.ts';
import type { CommandHost } from '../command-host.ts';
import { type Answer, back, pickStep, type StepPlace } from '../picks/pick-steps.ts';
import { chooseAgent } from '../picks/picks.ts';
import { messageText, pickText } from '../text/visible-text.ts';
import { askForSecret } from './secret-commands.ts';
import { secretDetail } from './secret-wording.ts';

type SourceItem = QuickPickItem & { readonly source: 'login' | 'secret' | 'local' };
type SecretItem = QuickPickItem & { readonly name?: string };

export async function changeCredentials(host: CommandHost, argument: unknown): Promise<void> {
  const placeHolder = l10n.t('Change the credentials of which agent?');
  const agent = await chooseAgent(host, argument, { placeHolder, fits: ({ provider }) => provider !== 'demo' });
  const place = { title: l10n.t('Credentials'), step: 1, totalSteps: 1 };
  const secretUses = agent && (await askKey(host, kindOf(agent.provider, agent.command), await askSource(sourceItems(), place)));
  if (!secretUses || secretUses === back || secretUses === 'local') return;
  const changed = await host.backend.call('agent/configure', { agent: agent.id, secretUses });
  if (changed.runtime === null) return;
  const restart = l10n.t('Restart Agent');
  const answer = await window.showInformationMessage(
    l10n.t('{0} runs now, and has its new credentials when it is started again.', messageText(agent.name)),
    restart,
  );
  if (answer === restart) await commands.executeCommand('agor.restartAgent', { kind: 'agent', id: agent.id });
}

/** Empty: the program's own login. "local": a model of the person's own server, where the program can use one. */
export async function askCredentials(host: CommandHost, kind: AgentKind, place: StepPlace): Promise<Answer<SecretUse[] | 'local'>> {
  const items = kind === 'opencode' ? [...sourceItems(), localItem()] : sourceItems();
  return askKey(host, kind, await askSource(items, place));
}

function askSource(items: SourceItem[], place: StepPlace): Promise<Answer<SourceItem>> {
  return pickStep(place, { placeholder: l10n.t('Where does it get its key?'), items });
}

async function askKey(host: CommandHost, kind: AgentKind, picked: Answer<SourceItem>): Promise<Answer<SecretUse[] | 'local'>> {
  if (picked === undefined || picked === back) return picked;
  if (picked.source !== 'secret') return picked.source === 'local' ? 'local' : [];
  const { keys } = kindFacts[kind];
  // One of several may be meant, and the person says which.
  const variable = keys[0] !== undefined && kind !== 'opencode' ? keys[0] : await askVariable();
  const secret = variable && (await chooseSecret(host));
  return variable && secret ? [{ variable, secret }] : undefined;
}

function sourceItems(): SourceItem[] {
  return [
    {
      source: 'login',
      label: `$(account) ${l10n.t("Use the program's own login")}`,
      detail: l10n.t('As it is set up on this computer. Nothing needs to be typed.'),
    },
    {
      source: 'secret',
      label: `$(key) ${l10n.t('Use a key kept by VS Code')}`,
      detail: l10n.t('Handed to the agent when it starts, and kept in memory only.'),
    },
  ];
}

function localItem(): SourceItem {
  return {
    source: 'local',
    label: `$(server) ${l10n.t('Use a model of my own server')}`,
    detail: l10n.t('Ollama and the like, on this computer or in your network. Needs no account.'),
  };
}

async function askVariable(): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Credentials'),
    prompt: l10n.t('The environment variable in which its program looks for the key.'),
    placeHolder: 'GEMINI_API_KEY',
    ignoreFocusOut: true,
    validateInput: (value) =>
      SecretUse.shape.variable.safeParse(value).success
        ? undefined
        : l10n.t('A variable has letters, digits and "_". It is not the key itself.'),
  });
}

async function chooseSecret(host: CommandHost): Promise<string | undefined> {
  const secrets = await host.secrets.listSecrets();
  const known: SecretItem[] = secrets.map((secret) => ({
    name: secret.name,
    label: pickText(secret.name),
    detail: secretDetail(secret, host.fleet.state.agents, l10n.t),
  }));
  if (known.length === 0) return askForSecret(host);
  const items = [...known, { label: `$(add) ${l10n.t('Set a secret…')}` }];
  const picked = await window.showQuickPick(items, { title: l10n.t('Credentials'), placeHolder: l10n.t('Which secret is its key?') });
  return picked && (picked.name ?? askForSecret(host));
}
