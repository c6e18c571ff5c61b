/** What a person has set about being told: read where it is used, so that a change counts at once. */
import { ConfigurationTarget, type Disposable, workspace } from 'vscode';
import type { NoticeType } from '../../server/protocol/notice.ts';
import type { NoticeSettings } from './notice-model.ts';

const section = 'agor.notifications';

export function noticeSettings(): NoticeSettings {
  const settings = workspace.getConfiguration(section);
  return { doNotDisturb: isDoNotDisturb(), types: settings.get<string[]>('types', []) };
}

export function isDoNotDisturb(): boolean {
  return workspace.getConfiguration(section).get<boolean>('doNotDisturb', false);
}

export async function setDoNotDisturb(isOn: boolean): Promise<void> {
  await workspace.getConfiguration(section).update('doNotDisturb', isOn, ConfigurationTarget.Global);
}

/** Such notices are kept from now on without being shown. */
export async function mute(type: NoticeType): Promise<void> {
  const types = noticeSettings().types.filter((shown) => shown !== type);
  await workspace.getConfiguration(section).update('types', types, ConfigurationTarget.Global);
}

export function onNoticeSettings(changed: () => void): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(section)) changed();
  });
}
