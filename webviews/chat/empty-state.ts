/** What stands where there is no transcript: an invitation, or why there is nothing. */
import { css, html, type TemplateResult } from 'lit';
import type { Agent } from '../../server/protocol/agent.ts';
import type { ChatText } from '../../server/protocol/chat-texts.ts';
import type { ChatActions } from './chat-actions.ts';
import { t } from './texts.ts';

/** Words that the demo agent obeys, and what each shows. */
const demoWords: readonly [word: string, detail: ChatText][] = [
  ['tools', 'demoTools'],
  ['edit', 'demoEdit'],
  ['ask', 'demoAsk'],
  ['long', 'demoLong'],
  ['slow', 'demoSlow'],
  ['error', 'demoError'],
  ['crash', 'demoCrash'],
];
const examples: readonly ChatText[] = ['exampleExplain', 'exampleTests', 'exampleChanges'];

export function invitation(agent: Agent, actions: ChatActions): TemplateResult {
  const isDemo = agent.provider === 'demo';
  return html`<div class="empty">
    <agor-icon name="comment-discussion"></agor-icon>
    <h2>${t('empty', agent.name)}</h2>
    <p>${t(isDemo ? 'emptyDemo' : 'emptyDetail')}</p>
    ${
      isDemo
        ? html`<div class="words">
            ${demoWords.map(
              ([word, detail]) =>
                html`<button class="example" @click=${() => actions.sendExample(word)}><code>${word}</code><span class="faint">${t(detail)}</span></button>`,
            )}
          </div>`
        : html`<div class="words">
            ${examples.map((key) => html`<button class="example" @click=${() => actions.suggest(t(key))}>${t(key)}</button>`)}
          </div>`
    }
  </div>`;
}

export const emptyStateStyles = css`
  .words {
    display: flex;
    flex-direction: column;
    gap: 4px;
    width: 100%;
    max-width: 320px;
  }
  .example {
    display: flex;
    align-items: baseline;
    gap: 12px;
    padding: 4px 12px;
    line-height: 20px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
  }
  .example code {
    min-width: 48px;
    text-align: left;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
    color: var(--vscode-textLink-foreground);
  }
  .example:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
  }
`;
