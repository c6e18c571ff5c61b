/** Shows what went wrong, once, with the action that may help. */
import { commands, type LogOutputChannel, l10n, window } from 'vscode';
import type { ErrorCode } from '../../server/protocol/errors.ts';
import type { CommandId } from '../command-ids.ts';
import { messageText } from '../text/visible-text.ts';
import { toAgorError } from './rpc-failure.ts';

type Action = { readonly title: string; readonly command: CommandId | 'workbench.action.reloadWindow' };

export class Failures {
  readonly #log: LogOutputChannel;
  /** A message that is on the screen is not shown again beside itself. */
  readonly #onScreen = new Set<string>();

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** For what a person asked for; a cancelled request was their own wish. */
  async show(error: unknown): Promise<void> {
    const failure = toAgorError(error, l10n.t);
    if (failure.code === 'cancelled') return;
    this.#log.error(`${failure.code}: ${failure.message}`, ...(failure.code === 'internal' ? [failure.cause ?? failure] : []));
    // It may name what somebody else named.
    await this.#showOnce(messageText(failure.message.replace(/\s+/g, ' ')), actionsFor(failure.code));
  }

  async showAgentFailure(agentName: string, reason: string): Promise<void> {
    this.#log.error(`Agent ${agentName}: ${reason}`);
    await this.#showOnce(l10n.t('Agent {0} failed: {1}', messageText(agentName), messageText(reason.replace(/\s+/g, ' '))), [showLog()]);
  }

  async #showOnce(message: string, actions: readonly Action[]): Promise<void> {
    if (this.#onScreen.has(message)) return;
    this.#onScreen.add(message);
    const title = await window.showErrorMessage(message, ...actions.map((action) => action.title));
    this.#onScreen.delete(message);
    const chosen = actions.find((action) => action.title === title);
    if (chosen) await commands.executeCommand(chosen.command);
  }
}

function actionsFor(code: ErrorCode): Action[] {
  if (code === 'storage') return [{ title: l10n.t('Recover…'), command: 'agor.recoverData' }, restartBackend(), showLog()];
  if (code === 'unavailable' || code === 'unauthorized') return [restartBackend(), showLog()];
  if (code === 'outdated') return [{ title: l10n.t('Reload Window'), command: 'workbench.action.reloadWindow' }];
  if (code === 'untrusted') return [{ title: l10n.t('Trust Project'), command: 'agor.trustProject' }];
  if (code === 'needsCredentials') return [{ title: l10n.t('Set Secret'), command: 'agor.setSecret' }];
  if (code === 'internal' || code === 'agentFailed') return [showLog()];
  return [];
}

function restartBackend(): Action {
  return { title: l10n.t('Restart Backend'), command: 'agor.restartBackend' };
}

function showLog(): Action {
  return { title: l10n.t('Show Log'), command: 'agor.showLog' };
}
