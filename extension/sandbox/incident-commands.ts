/** Commands that make the fences of all agents narrower for a while. */
import { l10n, ProgressLocation, type QuickPickItem, window } from 'vscode';
import type { Result } from '../../server/protocol/requests.ts';
import type { CommandHost } from '../command-host.ts';
import { messageText } from '../text/visible-text.ts';
import { endText } from './incident-wording.ts';

type Duration = QuickPickItem & { readonly minutes: number };

export async function beginIncident(host: CommandHost): Promise<void> {
  await host.fleet.whenLoaded();
  const title = l10n.t('Begin Incident Mode');
  const duration = await window.showQuickPick(durations(), {
    title,
    placeHolder: l10n.t('For how long may agents only read their projects?'),
  });
  if (!duration) return;
  const prompt = l10n.t('What runs is ended; prompts and mail wait and go on in the narrow fence. It ends by itself.');
  const reason = await window.showInputBox({ title, prompt, placeHolder: l10n.t('Why, for the audit log; may be empty') });
  if (reason === undefined) return;
  const progress = { location: ProgressLocation.Notification, title: l10n.t('Ending what runs in a wide fence') };
  const begun = await window.withProgress(progress, () => host.backend.call('incident/begin', { forMinutes: duration.minutes, reason }));
  void tellBegun(begun);
}

export async function endIncident(host: CommandHost): Promise<void> {
  const { wasOn } = await host.backend.call('incident/end', {});
  const text = wasOn
    ? l10n.t('Incident mode has ended. Agents get their own fences back when they are next started.')
    : l10n.t('There was no incident mode to end.');
  void window.showInformationMessage(text);
}

/** Not waited for: it stays on the screen as long as the person likes. */
function tellBegun({ incident, ended, notEnded }: Result<'incident/begin'>): Thenable<unknown> {
  const until = endText(incident.endsAt, Date.now());
  if (notEnded.length === 0)
    return window.showInformationMessage(l10n.t('Incident mode until {0}. Agents that were ended: {1}.', until, ended));
  const names = notEnded.map(({ agent }) => messageText(agent)).join(', ');
  return window.showWarningMessage(
    l10n.t('Incident mode until {0}, but these still run in their wide fence: {1}. Stop them.', until, names),
  );
}

function durations(): Duration[] {
  return [
    { label: l10n.t('15 minutes'), minutes: 15 },
    { label: l10n.t('1 hour'), minutes: 60 },
    { label: l10n.t('4 hours'), minutes: 240 },
    { label: l10n.t('1 day'), minutes: 1_440 },
  ];
}
