/** "About": which build this window and its backend are, to look at and to copy into a report. */
import { env, l10n, version, window } from 'vscode';
import type { CommandHost } from '../command-host.ts';
import { aboutLines } from './about-model.ts';

export async function showAbout({ backend, build }: CommandHost): Promise<void> {
  // A backend that is away is part of the answer.
  const health = await backend.call('health/get', {}).catch(() => undefined);
  const detail = aboutLines({ own: build, editorVersion: version, health }, l10n.t).join('\n');
  const copy = l10n.t('Copy');
  if ((await window.showInformationMessage('Agent Orchestrator', { modal: true, detail }, copy)) !== copy) return;
  await env.clipboard.writeText(`Agent Orchestrator\n${detail}\n`);
}
