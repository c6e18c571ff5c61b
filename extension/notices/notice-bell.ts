/** The bell at the right of the status bar, with the number of notices that nobody has read. */
import { type Disposable, l10n, StatusBarAlignment, window } from 'vscode';
import { describeBell } from './notice-model.ts';
import { isDoNotDisturb, onNoticeSettings } from './notice-settings.ts';
import type { Notices } from './notices.ts';

export function showBell(notices: Notices): Disposable[] {
  const item = window.createStatusBarItem('agor.notices', StatusBarAlignment.Right, -1_000);
  item.name = l10n.t('Agor: Notifications');
  item.command = 'agor.showNotices';
  const update = () => {
    const { text, label } = describeBell(notices.state.unread, isDoNotDisturb(), l10n.t);
    const tooltip = `${l10n.t('Agor: Notifications')}: ${label}`;
    // One more of many is mostly counted the same.
    if (item.text === text && item.tooltip === tooltip) return;
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: tooltip, role: 'button' };
  };
  update();
  item.show();
  return [item, notices.onDidChange(update), onNoticeSettings(update)];
}
