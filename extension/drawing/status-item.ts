/** An item of the status bar that is told to VS Code only when it looks different: each time costs every window a message. */
import { type StatusBarItem, ThemeColor } from 'vscode';
import { textTooltip } from './tooltip.ts';

export type StatusLook = {
  readonly text: string;
  readonly severity: 'normal' | 'warning' | 'error';
  /** Agents may have written some of it: it is shown as text. */
  readonly tooltip: readonly string[];
  readonly label: string;
};

export class DrawnStatus {
  readonly #item: StatusBarItem;
  #drawn = '';

  constructor(item: StatusBarItem) {
    this.#item = item;
  }

  /** `null`: it is not shown. */
  draw(look: StatusLook | null): void {
    const drawn = JSON.stringify(look);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    if (look === null) return this.#item.hide();
    const { text, severity, tooltip, label } = look;
    this.#item.text = text;
    this.#item.backgroundColor = severity === 'normal' ? undefined : new ThemeColor(`statusBarItem.${severity}Background`);
    this.#item.tooltip = textTooltip(tooltip.join('\n\n'));
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.show();
  }
}
