/** Looks of the fields of a question. */
import { css } from 'lit';

export const formStyles = css`
  .form,
  .form-field {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  .form {
    gap: 12px;
  }
  .form textarea {
    min-height: 26px;
  }
  .form select,
  .form input[type='text'] {
    max-width: 400px;
  }
  .form-field label {
    overflow-wrap: anywhere;
  }
  .form-choice {
    display: flex;
    gap: 8px;
    align-items: baseline;
  }
  .form-options {
    margin: 0;
    padding-left: 20px;
    color: var(--vscode-descriptionForeground);
    overflow-wrap: anywhere;
  }
  .form-problem {
    color: var(--vscode-errorForeground);
  }
  .form [aria-invalid='true'] {
    border-color: var(--vscode-inputValidation-errorBorder, var(--vscode-errorForeground));
  }
`;
