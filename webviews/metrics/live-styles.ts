/** Looks of the tab that shows the fleet as it is. */
import { css } from 'lit';

export const liveStyles = css`
  .live {
    display: flex;
    flex-direction: column;
    gap: 16px;
    padding: 16px 20px;
  }
  .totals {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(112px, 1fr));
    gap: 12px 16px;
  }
  .total dt {
    color: var(--vscode-descriptionForeground);
  }
  .total .faint {
    font-size: 0.9em;
  }
  .columns {
    display: flex;
    align-items: flex-start;
    gap: 16px;
  }
  .column {
    display: flex;
    flex: 0 0 320px;
    flex-direction: column;
    gap: 16px;
    min-width: 0;
  }
  .column.wide {
    flex: 1 1 0;
  }
  .projects {
    display: flex;
    flex-direction: column;
    gap: 16px;
  }
  .card > header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  .card > header > :last-child {
    flex: none;
  }
  .all-well {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  ul,
  ol {
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .queue li {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 0;
  }
  .who {
    flex: 1 1 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .queue vscode-button {
    flex: none;
  }
  .agent {
    display: grid;
    grid-template-columns: 16px minmax(80px, 140px) minmax(0, 1fr) auto 96px 128px;
    align-items: center;
    gap: 8px;
    min-height: 28px;
  }
  .agent > agor-icon {
    color: var(--vscode-descriptionForeground);
  }
  .agent.running > agor-icon {
    color: var(--vscode-charts-green);
  }
  .agent > agor-icon.critical {
    color: var(--vscode-errorForeground);
  }
  .agent .name,
  .doing {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .doing {
    position: relative;
    grid-column: 3;
  }
  .conflict {
    display: flex;
    grid-column: 4;
    align-items: center;
    gap: 4px;
  }
  .rate {
    grid-column: 5;
    text-align: right;
    white-space: nowrap;
  }
  .context {
    position: relative;
    display: flex;
    grid-column: 6;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
  }
  .percent {
    flex: none;
    width: 42px;
    text-align: right;
  }
  .figures {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 4px 12px;
    margin-top: 8px;
  }
  .figures dd {
    text-align: right;
  }
  .card .path {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .disk .bar {
    margin-bottom: 4px;
  }
  .sizes li {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding: 2px 0;
  }
  .what {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--vscode-foreground);
  }
  .amount {
    display: flex;
    flex: none;
    align-items: center;
    gap: 4px;
  }
  @container (max-width: 820px) {
    .columns {
      flex-direction: column;
      align-items: stretch;
    }
    .column,
    .column.wide {
      flex: none;
    }
  }
  @container (max-width: 560px) {
    .agent {
      grid-template-columns: 16px minmax(0, 1fr) 108px;
      gap: 0 8px;
      padding: 4px 0;
    }
    .agent .doing,
    .agent .conflict {
      grid-column: 2 / -1;
    }
    .agent .context {
      grid-row: 1;
      grid-column: 3;
    }
    .agent .rate {
      display: none;
    }
  }
`;
