/** Commands about the board. */
import { l10n, type QuickPickItem, window } from 'vscode';
import { limits } from '../../server/protocol/errors.ts';
import type { Team } from '../../server/protocol/team.ts';
import type { CommandHost } from '../command-host.ts';
import { pickText } from '../text/visible-text.ts';

export async function openBoard(host: CommandHost): Promise<void> {
  await host.fleet.whenLoaded();
  host.board.show();
}

/** On the board of its team, with its details open. */
export async function openTask({ backend, board }: Pick<CommandHost, 'backend' | 'board'>, taskId: string): Promise<void> {
  const { task } = await backend.call('task/show', { task: taskId });
  board.showTask({ teamId: task.teamId, taskId: task.id });
}

/** The team is asked for where there are several; the rest is changed on the board. */
export async function addTask(host: CommandHost): Promise<void> {
  const { teams } = await host.backend.call('team/list', {});
  const team = teams.length > 1 ? await askTeam(teams) : teams[0];
  if (!team && teams.length > 1) return;
  const title = await askTitle();
  if (!title) return;
  const task = await host.backend.call('task/add', { title, ...(team ? { team: team.id } : {}) });
  const open = l10n.t('Open Board');
  const message = l10n.t('Task #{0} is on the board.', task.number);
  if ((await window.showInformationMessage(message, open)) === open) host.board.showTask({ teamId: task.teamId, taskId: task.id });
}

async function askTeam(teams: readonly Team[]): Promise<Team | undefined> {
  const items: (QuickPickItem & { team: Team })[] = teams.map((team) => ({ team, label: pickText(team.name) }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('On the board of which team?') }))?.team;
}

async function askTitle(): Promise<string | undefined> {
  const title = await window.showInputBox({
    title: l10n.t('Add Task'),
    prompt: l10n.t('What is to be done?'),
    ignoreFocusOut: true,
    validateInput: (value) => {
      if (value.trim() === '') return l10n.t('Type a title.');
      return value.length > limits.taskTitleChars ? l10n.t('At most {0} characters.', limits.taskTitleChars) : undefined;
    },
  });
  return title?.trim();
}
