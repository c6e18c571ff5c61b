/** Looks of the rows. */
import { css } from 'lit';

export const rowListStyles = css`
  :host {
    display: block;
    flex: 1 1 0;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  .scroller {
    height: 100%;
    overflow-y: auto;
  }
  .row {
    display: grid;
    grid-template-columns: 64px 136px minmax(160px, 248px) minmax(72px, 128px) 80px minmax(0, 1fr);
    gap: 0 12px;
    align-items: center;
    height: 28px;
    padding: 0 20px;
    line-height: 28px;
    white-space: nowrap;
    cursor: pointer;
    content-visibility: auto;
    contain-intrinsic-height: 28px;
  }
  .row > span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row:hover {
    background: var(--vscode-list-hoverBackground);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row[aria-selected='true'] {
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    background: var(--vscode-list-inactiveSelectionBackground, var(--vscode-list-hoverBackground));
    outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .head {
    position: sticky;
    z-index: 1;
    top: 0;
    font-size: 0.92em;
    color: var(--vscode-descriptionForeground);
    background: var(--vscode-editor-background);
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    cursor: default;
    content-visibility: visible;
  }
  .head:hover {
    background: var(--vscode-editor-background);
    outline: none;
  }
  .seq,
  .time {
    font-variant-numeric: tabular-nums;
  }
  .seq,
  .head > :first-child {
    text-align: right;
  }
  .seq,
  .time,
  .by,
  .detail {
    color: var(--vscode-descriptionForeground);
  }
  .row[aria-selected='true'] > span {
    color: inherit;
  }
  .event .name {
    font-family: var(--vscode-editor-font-family, monospace);
  }
  .fold {
    width: 20px;
    height: 20px;
    margin-left: 4px;
    line-height: 20px;
    vertical-align: middle;
    border-radius: 4px;
  }
  .fold:hover {
    background: var(--vscode-toolbar-hoverBackground);
  }
  .event > agor-icon {
    margin-right: 4px;
    vertical-align: -3px;
    color: var(--vscode-list-warningForeground, var(--vscode-editorWarning-foreground));
  }
  .code-point {
    padding: 0 2px;
    border: 1px solid var(--vscode-inputValidation-warningBorder);
    border-radius: 2px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.85em;
  }
  .end {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 12px;
    min-height: 52px;
    padding: 12px 20px;
  }
  @container (max-width: 900px) {
    .row {
      grid-template-columns: 56px 136px minmax(140px, 200px) minmax(64px, 112px) minmax(0, 1fr);
    }
    .row > :nth-child(5) {
      display: none;
    }
  }
  @container (max-width: 720px) {
    .head {
      display: none;
    }
    .row {
      grid-template: 'event time' 20px 'detail agent' 20px / minmax(0, 1fr) auto;
      align-content: center;
      height: 52px;
      contain-intrinsic-height: 52px;
      line-height: 20px;
      border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
    }
    .seq {
      display: none;
    }
    .event {
      grid-area: event;
    }
    .time {
      grid-area: time;
    }
    .detail {
      grid-area: detail;
    }
    .agent {
      grid-area: agent;
      max-width: 120px;
      text-align: right;
    }
  }
`;
