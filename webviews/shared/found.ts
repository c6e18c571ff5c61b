/** How the place that a person was led to is marked, for a moment. */
import { css } from 'lit';

/** Long enough to be seen by somebody whose eyes were elsewhere. */
export const foundForMs = 4000;

export const foundStyles = css`
  /* In high contrast there is no such background, and the line around it says it. */
  .found {
    border-radius: 4px;
    background: color-mix(in srgb, var(--vscode-editor-symbolHighlightBackground, transparent) 60%, transparent);
    outline: 2px solid var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -2px;
    animation: found 4s ease-out;
  }
  @keyframes found {
    from,
    60% {
      background: color-mix(in srgb, var(--vscode-editor-symbolHighlightBackground, transparent) 60%, transparent);
    }
    to {
      background: transparent;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .found {
      animation: none;
    }
  }
`;
