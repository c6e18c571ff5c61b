/** One VS Code window in the browser, in the words of its user. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/environment.ts';

const paletteTimeoutMs = 8_000;
const paletteTries = 4;
const appearTimeoutMs = 30_000;
const startTimeoutMs = 120_000;
const pollMs = 50;
const mostSteps = 30;
/** As long as what a person did may take before they do it again. */
const effectMs = 2_000;

export class Workbench {
  readonly page: Page;
  /** Uncaught errors and violations of a content security policy, of the window and of its webviews. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(appearTimeoutMs);
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Trusted ?Types|^Uncaught/.test(message.text()))
        this.errors.push(message.text());
    });
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.#ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  /** Closes the window, as its user would. */
  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Runs a command by the title the palette shows, for example "Agor: Add Project". */
  async runCommand(title: string): Promise<void> {
    for (let tries = 1; !(await this.#findCommand(title)); tries += 1)
      if (tries === paletteTries) throw new Error(`The palette does not offer "${title}".`);
    await this.page.keyboard.press('Enter');
  }

  /** False when the palette went away: what has just closed or loaded takes the keyboard when it is done, as from a person. */
  async #findCommand(title: string): Promise<boolean> {
    await this.page.keyboard.press('F1');
    const palette = this.page.locator('.quick-input-widget');
    try {
      await palette.locator('input').fill(`>${title}`, { timeout: paletteTimeoutMs });
      await palette.locator('.monaco-list-row', { hasText: title }).first().waitFor({ timeout: paletteTimeoutMs });
      return true;
    } catch {
      // Told by the caller when it stays so.
      return false;
    }
  }

  /** Answers the question VS Code asks at the top of the window, a quick pick or an input box. */
  async answer(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The row of the open list that Enter would take. */
  chosenRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget .monaco-list-row.focused', { hasText: text });
  }

  /** Goes down to a row of the open list with the keyboard alone. */
  async goToRow(text: string | RegExp): Promise<void> {
    await this.page.locator('.quick-input-widget .monaco-list-row:visible', { hasText: text }).first().waitFor();
    const chosen = this.chosenRow(text);
    for (let steps = 0; steps < mostSteps && (await chosen.count()) === 0; steps += 1) await this.page.keyboard.press('ArrowDown');
    await chosen.waitFor();
  }

  /** Presses keys until they had their effect: what is still loading, or has only just come, takes no notice. */
  async pressUntil(keys: readonly string[], effect: Locator): Promise<void> {
    for (const giveUpAt = Date.now() + appearTimeoutMs; !(await appears(effect)); ) {
      if (Date.now() > giveUpAt) throw new Error(`${keys.join(' ')} had no effect: ${effect}`);
      for (const key of keys) await this.page.keyboard.press(key);
    }
  }

  /** Clicks until it had its effect: a row that moves away just then leaves its place to another one. */
  async clickUntil(target: Locator, effect: Locator): Promise<void> {
    const giveUpAt = Date.now() + appearTimeoutMs;
    do {
      if (Date.now() > giveUpAt) throw new Error(`A click on ${target} brought no ${effect}`);
      await target.click();
    } while (!(await appears(effect)));
  }

  /** Puts the pointer there until what it brings is shown: what is drawn anew under it takes that away. */
  async hoverUntil(target: Locator, shown: Locator): Promise<void> {
    for (const giveUpAt = Date.now() + appearTimeoutMs; !(await appears(shown)); ) {
      if (Date.now() > giveUpAt) throw new Error(`The pointer at ${target} brought no ${shown}`);
      await this.page.mouse.move(0, 0);
      await target.hover();
    }
  }

  /** What comes up by itself; VS Code shows no more than three of them in 0.8 s, and has all of them in its list. */
  toast(text: string): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Opens VS Code's list of notifications; resolves when the one is in it. */
  async notification(text: string): Promise<Locator> {
    await this.runCommand('Notifications: Show Notifications');
    const found = this.page.locator('.notifications-center .notification-list-item', { hasText: text });
    await found.first().waitFor();
    return found.first();
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** The backend has told of its agents, however they are. On a busy machine both VS Code and the backend are slow to start. */
  async connected(): Promise<void> {
    await this.statusBarItem(/Agor: (All quiet|No agents|\d)/).waitFor({ timeout: startTimeoutMs });
  }

  /** Shows a view container by the name on its icon in the activity bar; a click on the one that is shown would hide it. */
  async openViewContainer(name: string): Promise<void> {
    const label = this.page.locator(`.action-label[aria-label^="${name}"]`);
    const item = this.page.locator('.activitybar .action-item', { has: label }).first();
    await item.waitFor();
    if ((await item.getAttribute('aria-selected')) !== 'true') await item.click();
  }

  /** A row of a tree or list in the side bar. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row[role=treeitem]', { hasText: text });
  }

  /** What a screen reader says for each row of the side bar's trees, from top to bottom. */
  async treeRows(): Promise<string[]> {
    const rows = this.page.locator('.sidebar .monaco-list-row[role=treeitem]');
    return rows.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
  }

  /** The page of the webview that holds the selector; the frame is another one after each reload. */
  async webviewFrame(selector: string): Promise<Frame> {
    for (const giveUpAt = Date.now() + appearTimeoutMs; Date.now() < giveUpAt; await this.page.waitForTimeout(pollMs)) {
      for (const frame of this.page.frames()) if (await holds(frame, selector)) return frame;
    }
    await this.screenshot(`missing-webview-${Date.now()}`);
    throw new Error(`No webview holds ${selector}. The window is shown in test-output/screenshots.`);
  }

  /** Kept as a result of the test run; answers the file. */
  async screenshot(name: string): Promise<string> {
    const folder = join(root, 'test-output', 'screenshots');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Leaves restricted mode. */
  async trustWorkspace(): Promise<void> {
    await this.runCommand('Workspaces: Manage Workspace Trust');
    await this.page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
      .first()
      .click();
  }

  async #ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: startTimeoutMs });
  }
}

function appears(locator: Locator): Promise<boolean> {
  return locator
    .first()
    .waitFor({ timeout: effectMs })
    .then(
      () => true,
      () => false,
    );
}

async function holds(frame: Frame, selector: string): Promise<boolean> {
  try {
    return (await frame.locator(selector).count()) > 0;
  } catch {
    // The frame went away while it was looked at; the next round sees its successor.
    return false;
  }
}
