/** Answers questions that were shown, and says in a sentence why one was not answered: someone was faster, or it changed. */
import { commands, l10n, window } from 'vscode';
import type { Decision, PermissionRequest } from '../../server/protocol/agent-event.ts';
import type { ErrorCode } from '../../server/protocol/errors.ts';
import type { Backend } from '../backend/backend.ts';
import { toAgorError } from '../backend/rpc-failure.ts';
import { messageText } from '../text/visible-text.ts';
import type { ShownQuestion } from './decision-words.ts';
import { fillForm } from './form-steps.ts';

/** It was settled before, something else was shown, or it is gone: nothing went wrong, and nothing was done. */
const harmless: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['conflict', 'refused', 'notFound']);

/** Answers with the sentence why nothing was answered. */
export async function giveAnswer(backend: Backend, { id, hash }: ShownQuestion, decision: Decision): Promise<string | undefined> {
  return withoutHarm(() => backend.call('approval/answer', { approval: id, decision, hash }));
}

/** Asks for the values first; undefined also when the person changed their mind. */
export async function giveValues(backend: Backend, { id, hash }: ShownQuestion, request: PermissionRequest): Promise<string | undefined> {
  const values = await fillForm(request);
  if (values === undefined) return undefined;
  return withoutHarm(() => backend.call('approval/answer', { approval: id, decision: 'allowOnce', hash, values }));
}

/** Throws what a person can do something about; what only came too late is a sentence. */
export async function withoutHarm(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    const failure = toAgorError(error, l10n.t);
    if (harmless.has(failure.code)) return failure.message;
    throw error;
  }
}

/** Not waited for: it stays on the screen as long as the person likes. */
export function tellNotAnswered(sentence: string): void {
  void showNotAnswered(sentence);
}

async function showNotAnswered(sentence: string): Promise<void> {
  const show = l10n.t('Show What Waits');
  const chosen = await window.showInformationMessage(messageText(sentence.replace(/\s+/g, ' ')), show);
  if (chosen === show) await commands.executeCommand('agor.decisions.focus');
}

const toldForMs = 4_000;

/** In a place that moves nothing. */
export function tellTooSoon(): void {
  void window.setStatusBarMessage(`$(watch) ${tooSoonText()}`, toldForMs);
}

export function tooSoonText(): string {
  return l10n.t('Nothing was answered: what is asked here has just changed. Look again.');
}
