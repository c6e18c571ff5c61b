/** Looks of the columns. */
import { css } from 'lit';

export const columnsStyles = css`
  :host {
    display: block;
    flex: 1 1 0;
    min-width: 0;
    min-height: 0;
  }
  .board {
    display: flex;
    gap: 12px;
    height: 100%;
    padding: 12px 20px;
    overflow-x: auto;
    overflow-y: hidden;
  }
  .board.dragging {
    user-select: none;
    cursor: grabbing;
  }
  .board.dragging .card {
    cursor: grabbing;
  }
  .column {
    display: flex;
    flex: 1 1 0;
    flex-direction: column;
    min-width: 180px;
    max-width: 400px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 8px;
    background: color-mix(in srgb, var(--vscode-foreground) 4%, transparent);
  }
  .column.target {
    background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent);
  }
  h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    padding: 8px 12px 4px;
    font-size: 1em;
    font-weight: 600;
    line-height: 24px;
  }
  h2 agor-icon {
    color: var(--vscode-descriptionForeground);
  }
  .progress h2 agor-icon {
    color: var(--vscode-charts-blue);
  }
  .review h2 agor-icon {
    color: var(--vscode-charts-yellow);
  }
  .done h2 agor-icon {
    color: var(--vscode-charts-green);
  }
  .blocked h2 agor-icon {
    color: var(--vscode-errorForeground);
  }
  .count {
    margin-left: auto;
    font-weight: normal;
    font-variant-numeric: tabular-nums;
    color: var(--vscode-descriptionForeground);
  }
  .cards {
    flex: 1 1 0;
    min-height: 0;
    padding: 4px 8px 8px;
    overflow-x: hidden;
    overflow-y: auto;
    overscroll-behavior-y: auto;
  }
  ul {
    display: flex;
    flex-direction: column;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  /* What is out of sight costs nothing: a board may hold hundreds. */
  li {
    content-visibility: auto;
    contain-intrinsic-size: auto 86px;
  }
  .drop {
    height: 2px;
    margin: -5px 0;
    content-visibility: visible;
    border-radius: 1px;
    background: var(--vscode-focusBorder);
  }
  .drop:only-child {
    margin: 0;
  }
  .nothing {
    margin: 8px 4px;
    color: var(--vscode-descriptionForeground);
  }
  agor-new-task {
    display: block;
    margin-bottom: 8px;
  }
  .ghost {
    position: fixed;
    z-index: 1;
    top: 0;
    left: 0;
    pointer-events: none;
    background: var(--vscode-editorWidget-background);
    box-shadow: 0 4px 16px var(--vscode-widget-shadow);
  }
`;
