/**
 * The only import of the webview UI toolkit, so that the day it breaks one file changes. Its dropdown fails accessibility
 * checks: pages use a native `<select>` instead.
 */
import { provideVSCodeDesignSystem, vsCodeBadge, vsCodeButton, vsCodeProgressRing, vsCodeTextArea } from '@vscode/webview-ui-toolkit';

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeBadge(), vsCodeButton(), vsCodeProgressRing(), vsCodeTextArea());
}
