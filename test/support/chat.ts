/** The chat panel in a window, in the words of its user. The frame is looked for anew each time: a reload makes another. */
import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { until } from './live-backend.ts';
import type { Workbench } from './workbench.ts';

const pressTimeoutMs = 1_000;

export class Chat {
  readonly #window: Workbench;
  readonly #agent: string;

  constructor(window: Workbench, agent: string) {
    this.#window = window;
    this.#agent = agent;
  }

  static async open(window: Workbench, agent: string): Promise<Chat> {
    await window.openViewContainer('Agor');
    // A question of the agent has a row of its own, which names it too.
    const row = window.page.getByRole('treeitem', { name: new RegExp(`^Agent ${agent},`) });
    await window.clickUntil(row, window.page.getByRole('tab', { name: new RegExp(`^${agent}\\b`), selected: true }));
    const chat = new Chat(window, agent);
    await (await chat.frame()).getByRole('textbox', { name: 'Prompt' }).waitFor();
    return chat;
  }

  /** Of that agent alone: the page of the one that was shown before goes away a moment later. */
  frame(): Promise<Frame> {
    return this.#window.webviewFrame(`agor-chat-page .who .name:text-is("${this.#agent}")`);
  }

  /** Resolves when the prompt is in the transcript, so what is said must not be part of a prompt that stands there already. */
  async say(text: string): Promise<void> {
    assert.equal(await (await this.row('prompt', text)).count(), 0, `Say something else than "${text}", which was said before.`);
    const composer = (await this.frame()).getByRole('textbox', { name: 'Prompt' });
    await composer.click();
    await composer.fill(text);
    await composer.press('Enter');
    await (await this.row('prompt', text)).waitFor();
  }

  /** The end of the newest turn, which is followed by nothing but notices. */
  async turnEnd(word: string | RegExp): Promise<void> {
    const newest = '.row[data-kind=turnEnd]:not(:has(~ .row:not([data-kind=notice])))';
    await (await this.frame()).locator(newest, { hasText: word }).waitFor();
  }

  async row(kind: string, text: string | RegExp): Promise<Locator> {
    return (await this.frame()).locator(`[data-kind=${kind}]`, { hasText: text }).last();
  }

  /** Presses a button of the question that waits, as a person would: again when the page took no notice. */
  async answer(decision: 'allowOnce' | 'allowSession' | 'deny'): Promise<void> {
    const frame = await this.frame();
    const button = frame.locator(`.question.open [data-decision=${decision}]`);
    await button.waitFor();
    await until(async () => {
      if ((await button.count()) > 0) await button.click({ timeout: pressTimeoutMs }).catch(() => undefined);
      return (await frame.locator('.question.open').count()) === 0;
    });
  }

  /** All the text that is drawn; a long transcript draws only what is in sight. */
  async text(): Promise<string> {
    return (await this.frame()).getByRole('log').innerText();
  }
}
