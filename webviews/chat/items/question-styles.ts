/** Looks of questions and of diffs. */
import { type CSSResultGroup, css } from 'lit';
import { fieldStyles } from '../../shared/field-styles.ts';
import { formStyles } from './form-styles.ts';

const ofQuestions = css`
  .question.open {
    display: flex;
    flex-direction: column;
    gap: 8px;
    margin: 8px 0;
    padding: 12px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-left: 2px solid var(--vscode-charts-yellow);
    border-radius: 0 4px 4px 0;
    background: var(--vscode-editorWidget-background);
    color: var(--vscode-editorWidget-foreground, inherit);
  }
  .question-title {
    display: flex;
    gap: 8px;
    line-height: 20px;
  }
  .question-title agor-icon {
    margin-top: 2px;
    color: var(--vscode-charts-yellow);
  }
  .question h2 {
    margin: 0;
    font-size: 1em;
    font-weight: 600;
    line-height: 20px;
    overflow-wrap: anywhere;
  }
  .question.denied .status,
  .question.withdrawn .status {
    color: var(--vscode-descriptionForeground);
  }
  .reason {
    overflow-wrap: anywhere;
    color: var(--vscode-descriptionForeground);
  }
  .command {
    margin: 0;
    padding: 8px 12px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 4px;
    background: var(--vscode-editor-background);
    color: var(--vscode-editor-foreground);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.5;
    tab-size: 4;
    unicode-bidi: plaintext;
  }
  .code-point {
    display: inline-block;
    margin: 0 1px;
    padding: 0 3px;
    border-radius: 2px;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.85em;
    line-height: 1.3;
    background: var(--vscode-inputValidation-warningBackground);
    color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
    outline: 1px solid var(--vscode-inputValidation-warningBorder);
    outline-offset: -1px;
  }
  .hidden-warning {
    display: flex;
    gap: 8px;
    line-height: 20px;
  }
  .hidden-warning agor-icon {
    margin-top: 2px;
    color: var(--vscode-charts-yellow);
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    font-size: 0.92em;
    color: var(--vscode-descriptionForeground);
    overflow-wrap: anywhere;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    margin-top: 4px;
  }
  .more-answers {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .question.expired .status {
    color: var(--vscode-descriptionForeground);
  }
  .diff .code-bar {
    color: var(--vscode-foreground);
  }
  .diff .path {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: inherit;
    font-family: var(--vscode-editor-font-family, monospace);
  }
  .diff.everything .path {
    overflow: visible;
    overflow-wrap: anywhere;
    white-space: normal;
    text-align: left;
  }
  .pill {
    flex: none;
    padding: 0 6px;
    border-radius: 8px;
    font-size: 0.9em;
    line-height: 16px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
  }
  .counts {
    display: inline-flex;
    flex: none;
    gap: 4px;
    font-size: 0.9em;
    font-family: var(--vscode-editor-font-family, monospace);
  }
  .counts .added {
    color: var(--vscode-gitDecoration-addedResourceForeground);
  }
  .counts .removed {
    /* In some themes the colour alone is too dark to be read. */
    color: color-mix(in srgb, var(--vscode-gitDecoration-deletedResourceForeground) 60%, var(--vscode-foreground));
  }
  .diff-rows {
    max-height: 480px;
    overflow: auto;
    padding: 4px 0;
  }
  .question.open .diff-rows {
    max-height: none;
  }
  .diff table {
    width: 100%;
    border-spacing: 0;
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: 0.92em;
    line-height: 20px;
  }
  .diff td {
    padding: 0 4px;
    vertical-align: top;
  }
  .diff .line {
    width: 1px;
    min-width: 32px;
    padding-left: 8px;
    text-align: right;
    user-select: none;
    color: var(--vscode-editorLineNumber-foreground);
  }
  .diff .new td:first-child {
    display: none;
  }
  .diff .sign {
    width: 16px;
    text-align: center;
    user-select: none;
  }
  .diff .text {
    padding-right: 12px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 4;
  }
  .diff tr.added {
    background: var(--vscode-diffEditor-insertedLineBackground, var(--vscode-diffEditor-insertedTextBackground));
  }
  .diff tr.removed {
    background: var(--vscode-diffEditor-removedLineBackground, var(--vscode-diffEditor-removedTextBackground));
  }
  .diff tr.gap td {
    padding-top: 4px;
    padding-bottom: 4px;
    color: var(--vscode-descriptionForeground);
    font-family: var(--vscode-font-family);
    font-size: 0.95em;
  }
  .diff .more {
    display: block;
    padding: 4px 12px 8px;
  }
`;

export const questionStyles: CSSResultGroup = [fieldStyles, ofQuestions, formStyles];
